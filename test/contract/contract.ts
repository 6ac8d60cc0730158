/**
 * What a channel must tell of itself so that `contract.test.ts` can try the hard cases on it. A way in is its provider's, in the provider's own
 * bytes; whoever adds one writes down how they are signed and what the provider can say, and gets the cases unasked.
 */
export interface ChannelContract {
  readonly about: About
  /** Each way in that the channel has, and each provider that speaks another language. */
  readonly ways: readonly Way[]
}

export type Way = WebhookWay | ListenerWay | FormWay

/** What `docs/channels.md` says and the plug does not. */
export interface About {
  readonly receives: string
  /** How it is proved who speaks. */
  readonly verifies: string
  /** What is asked for afterwards, and what the provider cannot be asked for. */
  readonly reconciles: string
  readonly sends: string
  /** Windows and lengths that the provider sets. */
  readonly limits: string
}

/** One thing that somebody says. */
export interface Said {
  /** Of the message; letters and digits. */
  readonly id: string
  /** Who says it: people are numbered. */
  readonly person: number
  readonly text: string
}

/** Bytes as the provider sends them. */
export interface Body {
  readonly bytes: Buffer
  readonly type: string
}

/** What a provider can say beside a report. `never`: it has no such word. */
export interface Words {
  /** The message is otherwise from now on; `minute` is when. */
  readonly edit: ((said: Said, minute: number) => Body) | 'never'
  /** More about the same message: a transcript. */
  readonly more: ((said: Said) => Body) | 'never'
  readonly deletion: ((said: Said, minute: number) => Body) | 'never'
  /** A message of ours arrived. */
  readonly receipt: ((providerId: string) => Body) | 'never'
  /** Several reports in one body. */
  readonly batch: ((all: readonly Said[]) => Body) | 'never'
  /** A report with a file that the provider keeps. */
  readonly file: ((said: Said) => Body) | 'never'
  /** People write in a talk: the next message may be the rest of the last. */
  readonly goesOn: boolean
}

export interface WebhookWay {
  readonly way: 'webhook'
  readonly name: string
  /** Where the provider says how it calls. */
  readonly documentation: string
  /** As in a config file. Another mark makes another source, with secrets of its own. */
  settings(mark: string): Readonly<Record<string, unknown>>
  /** The headers by which it proves itself, made over the address that is configured there. */
  sign(body: Body, at: { readonly url: string; readonly mark: string }): Readonly<Record<string, string>>
  report(said: Said): Body
  readonly words: Words
  /** Its stand-in, where it can be asked afterwards what there was. */
  readonly provider: (() => Promise<Provider>) | 'never'
}

/** A stand-in for a provider that keeps what people wrote. */
export interface Provider {
  /** Of a source that asks it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Somebody wrote at that time, and nobody was called; under which id. */
  keeps(said: Omit<Said, 'id'>, at: Date): Promise<string>
  /** Whether it can be asked: it is there, and takes what the source signs in with. */
  admits(it: boolean): Promise<unknown>
  close(): Promise<unknown>
}

export interface ListenerWay {
  readonly way: 'listener'
  readonly name: string
  readonly documentation: string
  settings(mark: string): Readonly<Record<string, unknown>>
  /** As it lies there. `event` is what the listener calls it by. */
  report(said: Said): Body & { readonly event: string }
}

export interface FormWay {
  readonly way: 'form'
  readonly name: string
  readonly documentation: string
  settings(mark: string): Readonly<Record<string, unknown>>
  /** Where it is posted to. */
  readonly path: string
  /** Who fills it in must sign in: as an officer, or as the app whose source it is. */
  readonly signed: 'not' | 'as-officer' | 'as-app'
  /** JSON, unless it is a form as browsers send it. */
  readonly sentAs?: 'urlencoded'
  report(said: Said, source: string): object
}

/** People are numbered; nobody has these numbers. */
export const phoneOf = (person: number): string => `+849123${String(person).padStart(5, '0')}`

/** When everything is said to have happened, and so many minutes later. */
export const momentOf = (minute = 0): Date => new Date(Date.parse('2026-10-19T02:00:00Z') + minute * 60_000)
