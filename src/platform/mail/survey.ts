import type { ImapFlow } from 'imapflow'
import type { Fault } from '../../core/fault.ts'
import type { Located } from './batches.ts'
import { imapConnection, openFolder } from './connect.ts'
import { describe, fetchSources, findUids } from './fetch.ts'
import type { MailMessage, MailSurvey, Surveyed } from './mail.ts'
import type { Patience } from './patience.ts'

/** Of all messages that a look holds in memory at once; fewer come where they are large. */
const MOST_BYTES = 64 * 1024 * 1024

type Waiting = Located & { readonly folder: string; readonly uidValidity: string }

/** Looks and changes nothing. */
export async function surveyMail(survey: MailSurvey, patience: Patience): Promise<Surveyed | Fault> {
  const connection = imapConnection(survey.server, patience, survey.maxBytes)
  const { client } = connection
  try {
    await connection.open()
    const listed = await client.list()
    const waiting: Surveyed['waiting'][number][] = []
    let newest: Waiting[] = []
    for (const folder of survey.folders) {
      const { count, last } = await countIn(client, folder, survey)
      waiting.push({ folder, count })
      newest = latest([...newest, ...last], survey.newest)
    }
    const messages = await fetchNewest(client, within(newest, survey), survey)
    await client.logout()
    return {
      folders: listed.map(({ path, specialUse }) => ({
        name: path,
        ...(specialUse !== undefined && { use: specialUse }),
      })),
      waiting,
      newest: messages,
    }
  } catch (error) {
    return connection.faultOf(error)
  } finally {
    client.close()
  }
}

async function countIn(client: ImapFlow, folder: string, { since, newest }: MailSurvey) {
  const opened = await openFolder(client, folder)
  try {
    const uidValidity = client.mailbox ? String(client.mailbox.uidValidity) : ''
    let count = 0
    let last: Waiting[] = []
    for await (const located of describe(client, await findUids(client, { above: 0, since }), since)) {
      count += located.length
      last = latest([...last, ...located.map((one) => ({ ...one, folder, uidValidity }))], newest)
    }
    return { count, last }
  } finally {
    opened.release()
  }
}

/** Newest first. */
function latest(messages: Waiting[], most: number): Waiting[] {
  return messages.sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime() || b.uid - a.uid).slice(0, most)
}

/** As many of the newest as memory shall hold. */
function within(newest: readonly Waiting[], { maxBytes }: MailSurvey): Waiting[] {
  let sum = 0
  return newest.filter(({ size }) => {
    sum += size > maxBytes ? 0 : size
    return sum <= MOST_BYTES
  })
}

async function fetchNewest(
  client: ImapFlow,
  newest: readonly Waiting[],
  { maxBytes }: MailSurvey,
): Promise<MailMessage[]> {
  const messages: MailMessage[] = []
  for (const folder of new Set(newest.map((one) => one.folder))) {
    const here = newest.filter((one) => one.folder === folder)
    const uidValidity = here[0]?.uidValidity ?? ''
    const opened = await openFolder(client, folder)
    try {
      const fetched = await fetchSources(client, here, { folder, uidValidity, maxBytes })
      if (fetched.failed) throw fetched.failed.error
      messages.push(...fetched.messages)
    } finally {
      opened.release()
    }
  }
  return messages.sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime())
}
