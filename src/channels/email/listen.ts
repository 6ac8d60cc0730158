import { isFault } from '../../core/fault.ts'
import type { MailCursor, MailMessage } from '../../platform/mail/mail.ts'
import type { Handed, Listener } from '../channel.ts'
import { type EmailSettings, imapServer } from './settings.ts'

export const listener: Listener<EmailSettings> = {
  intake: 'listener',
  run: ({ settings, mail, cursors, signal, take, caughtUp }) =>
    mail.watch({
      server: imapServer(settings),
      folders: settings.folders,
      // They come back as they were handed over below.
      cursors: cursors as ReadonlyMap<string, MailCursor>,
      since: new Date(settings.since),
      maxBytes: settings.maxBytes,
      pollSeconds: settings.pollSeconds,
      watchdogSeconds: settings.watchdogSeconds,
      signal,
      take: (messages) => take(messages.map((message) => toHanded(message, settings))),
      caughtUp,
    }),
  preview: async ({ settings, mail }, newest) => {
    const { folders, since, maxBytes } = settings
    const found = await mail.survey({
      ...{ server: imapServer(settings), folders, newest, maxBytes },
      since: new Date(since),
    })
    if (isFault(found)) return found
    return {
      waiting: found.waiting.map(({ folder, count }) => ({ place: folder, count })),
      // A folder for junk is named as such: reports that were taken for junk lie there.
      places: found.folders.map(({ name, use }) => ({ place: name, ...(use !== undefined && { use }) })),
      newest: found.newest.map((message) => toHanded(message, settings)),
    }
  },
}

function toHanded(
  { folder, cursor, receivedAt, source, size, tooLarge }: MailMessage,
  { maxBytes }: EmailSettings,
): Handed {
  return {
    envelope: {
      event: `${cursor.uidValidity}:${folder}:${cursor.uid}`,
      contentType: 'message/rfc822',
      body: source,
      files: [],
    },
    receivedAt,
    place: folder,
    cursor,
    ...(tooLarge && { unreadable: `${size} bytes, more than the ${maxBytes} that are read` }),
  }
}
