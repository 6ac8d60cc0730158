import { documentsOf } from './documents.ts'
import type { Fact, Seen } from './fact.ts'
import { additionTravelled, heldOnce, lostReply, nobodyNamed, numbered, photos } from './facts-of-exchange.ts'
import { inOneThread, noSecondCode, notAnswered } from './facts-of-mail.ts'
import { forgeriesRefused, partsAreOne, statusTaken, withoutAccents } from './facts-of-messages.ts'
import type { DemoReport } from './report.ts'

export const IMAP_SERVERS = { dovecot: 'Dovecot', hoodiecrow: 'hoodiecrow-imap from npm, no Dovecot here' } as const

export async function facts(of: Omit<Seen, 'documents'>): Promise<Fact[]> {
  const seen = { ...of, documents: await documentsOf(of.stage.exchange) }
  return [
    mailbox(seen),
    sentAtOnce(seen),
    await countedOnce(seen),
    ...(await notAnswered(seen)),
    await inOneThread(seen),
    await noSecondCode(seen),
    await withoutAccents(seen),
    partsAreOne(seen),
    await statusTaken(seen),
    await forgeriesRefused(seen),
    await heldOnce(seen),
    numbered(seen),
    await lostReply(seen),
    additionTravelled(seen),
    nobodyNamed(seen),
    ...(await photos(seen)),
  ]
}

function mailbox({ stage, sent }: Seen): Fact {
  const mails = sent.filter(({ report }) => report.channel === 'mail').length
  return { holds: mails > 0, text: `${mails} mails by SMTP into a mailbox on ${IMAP_SERVERS[stage.world.kind]}` }
}

/** One Idempotency-Key, any number of requests at the same moment: one code, the same answer to each. */
function sentAtOnce({ sent }: Seen): Fact {
  const { report, answers, accepted } = sent.find(({ answers: { length } }) => length > 1)!
  const different = new Set(answers).size
  return {
    holds: different === 1 && accepted !== undefined,
    text: `${report.name}: ${answers.length} requests at once under one Idempotency-Key, ${different === 1 ? 'equal answers' : `${different} different answers`}, code ${accepted?.code}`,
  }
}

const isAnswered = (report: DemoReport): boolean => report.channel === 'portal' && report.whenAsked !== undefined

/** Each part of a text message is one, and what somebody answers; of a mail server's 250, those alone that are listed as no reports are none. */
async function countedOnce({ watching, sent, rows }: Seen): Promise<Fact> {
  const taken = sent
    .filter(({ reply }) => reply < 300)
    .map(({ report }) => (report.channel === 'sms' ? report.parts.length : 1) + (isAnswered(report) ? 1 : 0))
  const accepted = taken.reduce((sum, n) => sum + n, 0) - rows.filter(({ aside }) => aside !== null).length
  const counted = await watching.submissions()
  return { holds: counted === accepted, text: `${accepted} submissions accepted, ${counted} stored` }
}
