import { z } from 'zod'

/** The form as it was sent: every value of each name, in order. */
export const Sent = z.record(z.string(), z.array(z.string()))
export type Sent = z.output<typeof Sent>

/** The first value that says something; an empty one is the same as none. */
export function first(sent: Sent, name: string): string | undefined {
  return sent[name]?.map((value) => value.trim()).find((value) => value !== '')
}

/** Every value, of `name` and of `name[]`, as clients write lists. */
export function all(sent: Sent, name: string): string[] {
  return [...(sent[name] ?? []), ...(sent[`${name}[]`] ?? [])]
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

export const attribute = (sent: Sent, code: string): string | undefined => all(sent, `attribute[${code}]`)[0]

const ATTRIBUTE = /^attribute\[([^\]]{1,100})\](?:\[\])?$/

/** What was filled in beside the attributes that we name: for an officer to read, a line each. */
export function otherAttributes(sent: Sent, ours: readonly string[]): string[] {
  return Object.entries(sent).flatMap(([name, values]) => {
    const code = ATTRIBUTE.exec(name)?.[1]
    const said = values.map((value) => value.trim()).filter((value) => value !== '')
    return code === undefined || ours.includes(code) || said.length === 0 ? [] : [`${code}: ${said.join(', ')}`]
  })
}
