import texts from './locales/vi.json' with { type: 'json' }

/** A sentence of `locales/vi.json`. Vietnamese alone: it becomes part of a report, which is in the citizens' language. */
export function say(key: keyof typeof texts, values: Readonly<Record<string, string>> = {}): string {
  return texts[key].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}
