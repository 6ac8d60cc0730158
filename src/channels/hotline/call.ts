/** One thing that was said, by whom as far as anybody says. */
export interface Turn {
  /** As the call centre labels them: `KH`, `SPEAKER_01`, `agent`. */
  readonly speaker?: string
  readonly text: string
}

/** A call as whatever format tells of it; each reader in `formats/` makes these. */
export interface Call {
  /** The call centre's own. */
  readonly id?: string
  /** The number as its switchboard saw it, or the word for "withheld". */
  readonly from?: string
  readonly name?: string
  /** As it was written. */
  readonly startedAt?: string
  readonly recordingUrl?: string
  readonly turns: readonly Turn[]
}

/** A field as it was written; undefined where nothing is. */
export function written(value: unknown, most = 2000): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return text === '' || text.length > most ? undefined : text
}

/** A call of these fields, as far as they say something. */
export function toCall(fields: Readonly<Record<keyof Omit<Call, 'turns'>, unknown>>, turns: readonly Turn[]): Call {
  const { id, from, name, startedAt, recordingUrl } = fields
  return {
    ...given('id', written(id)),
    ...given('from', written(from, 300)),
    ...given('name', written(name, 200)),
    ...given('startedAt', written(startedAt, 60)),
    ...given('recordingUrl', written(recordingUrl)),
    turns,
  }
}

/** The field, where there is something to say in it. */
export const given = <K extends string>(key: K, value: string | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>
