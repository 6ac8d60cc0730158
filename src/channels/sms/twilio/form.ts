/** The parameters of a form, each with its values in their order. Without a prototype: a parameter may have any name. */
export type Form = Readonly<Record<string, readonly string[]>>

export function formOf(body: Buffer): Form {
  const form: Record<string, string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(body.toString())) {
    const before = form[name]
    if (before === undefined) form[name] = [value]
    else before.push(value)
  }
  return form
}
