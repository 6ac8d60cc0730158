import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import i18next from 'i18next'

export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** A sentence of `locales/`, `notice:received`, in a language. */
export type Translate = (language: Language, key: string, values?: Readonly<Record<string, string | number>>) => string

/** Reads every file of `locales/<language>`; a file is a namespace. */
export async function loadLocales(folder: string): Promise<Translate> {
  const resources: Record<string, Record<string, object>> = {}
  for (const language of LANGUAGES) {
    resources[language] = {}
    for (const file of await readdir(join(folder, language))) {
      resources[language][basename(file, '.json')] = JSON.parse(
        await readFile(join(folder, language, file), 'utf8'),
      ) as object
    }
  }
  const instance = i18next.createInstance()
  // No escaping: what is written here goes into JSON and plain text; whoever makes HTML of it escapes there.
  await instance.init({
    resources,
    lng: 'vi',
    fallbackLng: 'vi',
    ns: Object.keys(resources['vi']!),
    interpolation: { escapeValue: false },
  })
  return (language, key, values = {}) => instance.t(key, { lng: language, ...values })
}

/** Vietnamese, unless the client prefers English (RFC 9110 §12.5.4, the first language named). */
export function languageOf(acceptLanguage: string | undefined): Language {
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'vi'
}
