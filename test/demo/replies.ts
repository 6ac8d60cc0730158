import sentences from '../../locales/vi/notice.json' with { type: 'json' }
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

/** A word of ours in one sentence, as somebody's telephone shows it. */
export interface Reply {
  readonly text: string
  readonly code: string
  readonly event: string
  /** Opens the reporter's view. */
  readonly link: string
}

export interface Told {
  readonly privately: readonly Reply[]
  /** Under their comment, where everybody reads it. */
  readonly publicly: readonly string[]
}

/** Whom Messenger and Twilio were given what to bring, by their own lists. */
export async function repliesIn({ graph, twilio }: Stage): Promise<(sent: Sent) => Told> {
  const [page, messages] = await Promise.all([graph.ledger(), twilio.sent()])
  const inTalk = (id: string) => page.messages.filter(({ talk }) => talk === id).map(({ text }) => readReply(text))
  const toNumber = (number: string) => messages.filter(({ to }) => to === number).map(({ body }) => readReply(body))
  return ({ report, post }) => {
    switch (report.channel) {
      case 'messenger':
        return { privately: inTalk(report.from.id), publicly: [] }
      case 'comment':
        return {
          privately: inTalk(report.from.id),
          publicly: page.comments.filter((comment) => comment.post === post).map(({ text }) => text),
        }
      case 'sms':
        return { privately: toNumber(report.phone), publicly: [] }
      case 'hotline':
        return { privately: toNumber(report.from.phone), publicly: [] }
      default:
        return { privately: [], publicly: [] }
    }
  }
}

const LINK = /https?:\S+\/api\/v1\/reports\/\S+/

function readReply(text: string): Reply {
  const said = plain(text)
  return {
    text: text.replace(LINK, '').trim(),
    code: /\b[A-Z]{2}-\d{2}-\w{4}-\w{4}\b/.exec(text)?.[0] ?? '',
    event: SAYS.find(({ pattern }) => pattern.test(said))?.event ?? text,
    link: LINK.exec(text)?.[0] ?? '',
  }
}

/** Text messages go without accents. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')

/** The first one that fits: what an agency answers may begin with anything. */
const SAYS = Object.entries(sentences).map(([key, sentence]) => ({
  event: key.replace(/_.*$/, ''),
  pattern: new RegExp(
    plain(sentence)
      .split(/\{\{\w+\}\}/)
      .map((words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+'),
    's',
  ),
}))
