import { randomBytes } from 'node:crypto'

export interface Person {
  readonly id: string
  readonly name?: string
}

export interface Written {
  readonly id: string
  readonly from: Person
  readonly at: Date
  text: string
  /** Files of ours that it brings: `photo` and `video` have an id, too. */
  readonly files: readonly Kept[]
}

export interface Comment extends Written {
  readonly post: string
}

export interface Kept {
  readonly id: string
  readonly type: 'image' | 'video' | 'audio' | 'file'
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
}

export interface Message extends Written {
  /** Whose talk with the page it stands in. */
  readonly talk: string
}

/** What stands on the page and in its inbox. */
export interface Page {
  readonly person: Person
  readonly posts: Map<string, Written>
  readonly comments: Map<string, Comment>
  readonly messages: Message[]
  readonly files: Map<string, Kept>
  /** Comments and posts that were answered in private. */
  readonly repliedTo: Set<string>
}

export function openPage(id: string): Page {
  return {
    person: { id, name: 'UBND tỉnh Mẫu' },
    posts: new Map(),
    comments: new Map(),
    messages: [],
    files: new Map(),
    repliedTo: new Set(),
  }
}

/** As Meta writes them: `m_` and letters, digits, `-` and `_`. */
export function newMid(): string {
  return `m_${randomBytes(32).toString('base64url')}`
}

export function newNumber(): string {
  return String(randomBytes(6).readUIntBE(0, 6) + 100_000_000_000_000)
}

/** When this person last wrote to the page in Messenger; a comment opens no talk. */
export function lastWrote(page: Page, psid: string): Date | undefined {
  return page.messages.findLast(({ talk, from }) => talk === psid && from.id === psid)?.at
}
