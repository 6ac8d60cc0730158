import sharp from 'sharp'
import type { Role } from '../../../src/core/words.ts'
import { ask } from './ask.ts'
import type { Hub } from './hub.ts'
import { type Answer, hour, type Person } from './province.ts'

const PHOTO = sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
  .jpeg()
  .toBuffer()
/** A session that has ended, or asks for the password again after a pause. */
const SIGN_IN_AGAIN = ['urn:paht:problem:unauthorized', 'urn:paht:problem:idle']

interface Row {
  readonly id: string
  readonly event: string
  readonly caseId: string
  readonly createdAt: string
  readonly values: Readonly<Record<string, string>>
  readonly level: number | null
  readonly toRole: string
}

/** A person with an account, who signs in as people do: again after a pause, and the next morning. */
export function person(
  hub: Hub,
  { login, role, agency }: { readonly login: string; readonly role: Role; readonly agency: string | undefined },
  caseOfAssignment: (assignment: string) => string,
): Person {
  let account: Promise<string> | undefined
  let token: string | undefined
  const known = () => {
    // Of no agency: whose word counts for all of them.
    const agencies = agency !== undefined ? [agency] : role === 'agency' || role === 'leader' ? ('all' as const) : []
    account ??= hub.accounts.add({ login, role, agencies })
    return account
  }
  const send = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> => {
    await known()
    token ??= await hub.accounts.signIn(login)
    const answer = await ask(hub, token, method, path, body)
    if (!SIGN_IN_AGAIN.includes(answer.body.type)) return answer
    token = await hub.accounts.signIn(login)
    return ask(hub, token, method, path, body)
  }
  /** Operations on a case or an agency's share say which version of it they saw. */
  const versionFor = async (path: string): Promise<object> => {
    const [, of, id = '', operation] = /^\/(cases|assignments)\/([^/]+)\/(.+)$/.exec(path) ?? []
    if (operation === undefined) return {}
    const { version } = (await send('GET', `/cases/${of === 'cases' ? id : caseOfAssignment(id)}`)).body
    return version === undefined ? { version: 0 } : { version }
  }
  return {
    id: known,
    get: (path) => send('GET', path),
    post: async (path, body = {}) => send('POST', path, { ...(await versionFor(path)), ...body }),
    photo: async () => {
      // Signs in where that is needed.
      await send('GET', '/officer-notices?limit=1')
      const form = new FormData()
      form.append('photo', new Blob([new Uint8Array(await PHOTO)], { type: 'image/jpeg' }), 'hien-truong.jpg')
      const answer = await fetch(`${hub.url}/api/v1/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: form,
      })
      if (!answer.ok) throw new Error(`no upload: ${await answer.text()}`)
      return ((await answer.json()) as { id: string }).id
    },
    noticed: async (code) => {
      const { items } = (await send('GET', `/cases?code=${code}`)).body as { items: readonly { id: string }[] }
      const rows = (await send('GET', '/officer-notices?limit=200')).body.items as readonly Row[]
      return rows
        .filter(({ caseId }) => items.some(({ id }) => id === caseId))
        .map(({ id, event, createdAt, values, level, toRole }) => ({
          ...{ id, event, level, toRole, values },
          at: hour(createdAt),
          step: values['step'],
        }))
        .reverse()
    },
  }
}
