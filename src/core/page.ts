/** Lists go by key, never by offset: `after` is the id of the last row seen (ids are in order of time, UUID version 7). */
export interface PageAsked {
  readonly after?: string | undefined
  readonly limit: number
}

export interface PageOf<T> {
  readonly items: readonly T[]
  readonly after: string | null
}

export function pageOf<T extends { readonly id: string }>(rows: readonly T[], limit: number): PageOf<T> {
  return { items: rows, after: rows.length === limit ? rows.at(-1)!.id : null }
}
