/** The folders of the watched account; the second has the special use `\Junk`. */
export const FOLDERS = ['INBOX', 'Junk'] as const
export type Folder = (typeof FOLDERS)[number]

/** What is in a folder, by whoever stores it and not by IMAP. */
export interface Look {
  /** All of them, those marked as deleted included, as long as nobody expunges them. */
  readonly count: number
  readonly seen: number
  readonly deleted: number
}

/** Where mails for the watched address are put. */
export interface Mailbox {
  deliver(raw: Buffer, folder: Folder): void
  look(folder: Folder): Look
}
