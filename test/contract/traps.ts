/** What has gone wrong in gateways before, as their users told it, and the test that would miss it here. */
export interface Trap {
  readonly trap: string
  /** File, and the beginning of the test's name or of its row. */
  readonly held: readonly (readonly [file: string, test: string])[]
}

const CONTRACT = 'test/contract'
const WATCH = 'test/services/mail-imap.test.ts'
const LINE = 'test/services/mail-line.test.ts'
const RECOGNIZE = 'src/channels/email/recognize.test.ts'
const TAKE_IN = 'src/core/intake/take-in.db.test.ts'

export const TRAPS: readonly Trap[] = [
  {
    trap: 'A mailbox that was down for days is never caught up with',
    held: [[WATCH, 'begins after the cursor, and at a date where there is none']],
  },
  {
    trap: 'Mail that somebody read on a phone is never taken in; a flag that cannot be set doubles everything',
    held: [[WATCH, 'hands over what waits, each once and in order, read or not; nothing is flagged or removed']],
  },
  {
    trap: 'A mail without a Message-ID is skipped, or ends the loop',
    held: [
      [RECOGNIZE, 'Message-ID'],
      [RECOGNIZE, 'names the place in the mailbox too'],
    ],
  },
  {
    trap: 'One malformed message blocks the channel, or is fetched for ever',
    held: [
      [`${CONTRACT}/poison.ts`, 'a malformed message blocks nothing'],
      [TAKE_IN, 'is quarantined once, also where the mailbox counts anew'],
    ],
  },
  {
    trap: 'The same id by two sources: one of the two is dropped',
    held: [[`${CONTRACT}/once.ts`, 'the same id by another source is another message']],
  },
  {
    trap: 'A connection dies in silence',
    held: [[WATCH, 'a line that dies in silence, within the time of the watchdog']],
  },
  {
    trap: 'A mailbox that counts anew, or is set up again: all of it comes twice, or nothing comes',
    held: [
      [WATCH, 'is gone through again where it counts anew'],
      [TAKE_IN, 'is known by its content where the mailbox counts anew'],
    ],
  },
  {
    trap: 'The same mail by two ways has other headers, and is taken for another',
    held: [[RECOGNIZE, 'the same by %s']],
  },
  {
    trap: 'What was deleted or erased comes in again',
    held: [[`${CONTRACT}/once.ts`, 'what was erased does not come back when it comes again']],
  },
  {
    trap: 'A line that breaks again and again gets nowhere, and costs the quota',
    held: [[LINE, 'a line that breaks after every 2 MB still gets ahead']],
  },
  {
    trap: 'A token expires and nobody learns of it; once it is renewed, a gap is left',
    held: [[`${CONTRACT}/outage.ts`, 'a token that ends, a provider that is away']],
  },
  {
    trap: 'Signatures fail behind a proxy: scheme, host, port, path',
    held: [[`${CONTRACT}/proof.ts`, 'a signature that fails behind a proxy']],
  },
  {
    trap: 'Signatures are enforced, and real traffic is refused',
    held: [[`${CONTRACT}/proof.ts`, 'a roll-out of signatures that rejects real traffic']],
  },
  {
    trap: 'A body over the cap is cut, fails its signature, and is sent for ever',
    held: [[`${CONTRACT}/proof.ts`, 'a body over the cap is refused aloud and whole, never cut']],
  },
  {
    trap: 'JSON is written anew before its signature is looked at; emoji break it',
    held: [[`${CONTRACT}/proof.ts`, 'JSON that is written anew breaks the signature']],
  },
  {
    trap: 'The database is away for an hour: the provider gives up, and what it had is lost',
    held: [
      [`${CONTRACT}/outage.ts`, 'with the database away a call is asked to come again within 2 s'],
      ['src/core/intake/reconcile.db.test.ts', 'takes what the provider failed to bring'],
    ],
  },
  {
    trap: 'A webhook is switched off by its provider, and nobody sees that nothing comes',
    held: [
      ['src/channels/facebook/send.test.ts', 'subscribed'],
      [`${CONTRACT}/privacy.ts`, 'a source of which nothing arrives says why'],
    ],
  },
  {
    trap: 'Two copies at the same moment are two reports',
    held: [[`${CONTRACT}/once.ts`, '20 copies at the same moment are one']],
  },
  {
    trap: 'A copy that comes after the window for copies is another report',
    held: [[`${CONTRACT}/once.ts`, 'a message is taken, and comes again without a trace']],
  },
  {
    trap: 'Answering machines answer each other',
    held: [
      [RECOGNIZE, 'auto-reply'],
      ['src/core/notices/notices.db.test.ts', 'no more than so often a day'],
    ],
  },
  {
    trap: 'Mail in old character sets, or that lies about its own',
    held: [['src/channels/email/read.test.ts', 'windows-1258']],
  },
  {
    trap: 'Photos between the lines of a mail are lost',
    held: [['src/channels/email/read.test.ts', 'Apple Mail: the photo stays']],
  },
  {
    trap: 'A link in a message makes us call addresses inside',
    held: [
      ['src/platform/outgoing/outgoing.test.ts', 'is not reached by a name that answers differently the second time'],
      [`${CONTRACT}/privacy.ts`, 'no socket was opened to anywhere outside of this machine'],
    ],
  },
  {
    trap: 'Of a long answer the first part alone is sent',
    held: [
      ['src/channels/facebook/send.test.ts', 'the answer of an agency arrives whole'],
      ['src/channels/sms/twilio/twilio.test.ts', 'a long text whole'],
      ['src/channels/sms/gateway/gateway.test.ts', 'a long text whole'],
      ['src/channels/zalo/zalo.test.ts', 'a long text whole'],
    ],
  },
  {
    trap: 'The second message of the same person: another report, or the rest of the first?',
    held: [[`${CONTRACT}/later-words.ts`, 'the second part of a long message']],
  },
  {
    trap: 'An edit overtakes its message, or an older edit a newer one',
    held: [
      [`${CONTRACT}/later-words.ts`, 'an edit before its message waits for it'],
      [`${CONTRACT}/later-words.ts`, 'the same edit twice, and edits out of order'],
    ],
  },
  {
    trap: 'A text message that did not arrive counts as sent',
    held: [['src/channels/sms/sms.db.test.ts', 'knows what became of its answer']],
  },
  {
    trap: 'Who wants no more messages goes on getting them',
    held: [['src/core/notices/ways.db.test.ts', 'gets none, until they want them again']],
  },
  {
    trap: 'Secrets, numbers and names stand in logs',
    held: [
      [`${CONTRACT}/privacy.ts`, 'secrets are in no log and in no trace'],
      [`${CONTRACT}/privacy.ts`, 'who wrote, and what, is in no line of the log'],
    ],
  },
  {
    trap: 'Times are an hour off, or hours, where a machine lives in another zone',
    held: [['src/channels/hotline/time.test.ts', 'is told as clocks in Vietnam show it']],
  },
]
