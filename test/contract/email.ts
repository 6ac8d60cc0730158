import { type ChannelContract, momentOf, phoneOf } from './contract.ts'

/** Nobody answers there, at once. */
const SERVER = { host: '127.0.0.1', port: 1, user: 'phananh' }
const ADDRESS = 'phananh@dienbien.example'

export const email: ChannelContract = {
  about: {
    receives:
      'mails with their attachments, from every folder that is named, read or unread; answers to our letters; bounces',
    verifies: 'nothing about the sender: mail proves nobody. Marks of ours in an answer are proved by the core',
    reconciles:
      'nothing: the mailbox keeps everything, and the cursor (UIDVALIDITY and UID) moves only once it is taken in',
    sends: 'letters in the thread of the citizen’s mail',
    limits: 'a larger mail than `maxBytes` (36 MB) is shown unread; `dailyCap` letters a day to one address',
  },
  ways: [
    {
      way: 'listener',
      name: 'a mailbox',
      documentation: 'https://www.rfc-editor.org/rfc/rfc5322',
      settings: (mark) => ({
        ...{ address: ADDRESS, fromName: 'Phản ánh hiện trường', since: '2026-10-01T00:00:00+07:00' },
        ...{ imap: SERVER, imapPassword: `not-a-real-password-${mark}` },
        ...{ smtp: SERVER, smtpPassword: `nor-is-this-one-${mark}` },
      }),
      report: ({ id, person, text }) => ({
        event: `7:INBOX:${id}`,
        type: 'message/rfc822',
        bytes: Buffer.from(
          [
            `From: Lan <lan${person}@citizens.example>`,
            `To: ${ADDRESS}`,
            'Subject: =?utf-8?q?Ph=E1=BA=A3n_=C3=A1nh?=',
            `Date: ${momentOf().toUTCString()}`,
            `Message-ID: <${id}@citizens.example>`,
            'Content-Type: text/plain; charset=utf-8',
            '',
            `${text}\r\nSĐT ${phoneOf(person)}`,
          ].join('\r\n'),
        ),
      }),
    },
  ],
}
