import { afterAll, beforeAll } from 'vitest'
import { tryLaterWords } from './later-words.ts'
import { tryOnce } from './once.ts'
import { tryOutage } from './outage.ts'
import { tryPoison } from './poison.ts'
import { tryPrivacy } from './privacy.ts'
import { tryProof } from './proof.ts'
import { type ContractSite, contractSite } from './site.ts'

let site: ContractSite
beforeAll(async () => {
  site = await contractSite()
  // Providers are asked for the first time: from now on.
  await site.work()
})
afterAll(() => site.close())

const get = () => site
tryOnce(get)
tryProof(get)
tryPoison(get)
tryLaterWords(get)
tryOutage(get)
// Last: it looks through all that the others left behind.
tryPrivacy(get)
