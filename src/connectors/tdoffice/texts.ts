import texts from './locales/vi.json' with { type: 'json' }

/** A sentence of `locales/vi.json`. Vietnamese alone: it is for a state document, whatever language the reader of our pages prefers. */
export function say(key: keyof typeof texts, values: Readonly<Record<string, string | number>> = {}): string {
  return texts[key].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
}
