import { placeholdersOf } from './notice-form.ts'
import type { ProfileVersion } from './version.ts'

type Complain = (path: (string | number)[], message: string) => void

/** What one section of a version says of another: a category, a level, a ground, a placeholder that is not there. */
export function checkVersion(version: ProfileVersion, complain: Complain): void {
  checkCategories(version, complain)
  checkRouting(version, complain)
  checkSteps(version, complain)
  checkNotices(version, complain)
  const grounds = version.report.refuse.grounds.map(({ id }) => id)
  for (const [i, ground] of (version.hiding?.grounds ?? []).entries())
    if (!grounds.includes(ground)) complain(['hiding', 'grounds', i], `no ground of refusal ${ground}`)
  const demanded = version.report.required.flatMap((field) => (typeof field === 'string' ? [field] : field.anyOf))
  if (version.categories.length === 0 && demanded.includes('category'))
    complain(['report', 'required'], 'demands a category, but there are none')
  unique(['rating', 'scale'], version.rating.scale, complain)
  unique(['report', 'refuse', 'grounds'], version.report.refuse.grounds, complain)
  unique(['scope', 'excluded'], version.scope.excluded, complain)
  unique(['urgent', 'kinds'], version.urgent.kinds, complain)
  unique(['reports'], version.reports, complain)
}

function checkCategories(version: ProfileVersion, complain: Complain): void {
  unique(['categories'], version.categories, complain)
  for (const [i, { fields }] of version.categories.entries()) unique(['categories', i, 'fields'], fields, complain)
  const known = new Set(version.categories.map(({ id }) => id))
  const look = (path: (string | number)[], named: readonly string[] = []) => {
    for (const [j, id] of named.entries()) if (!known.has(id)) complain([...path, 'categories', j], `no category ${id}`)
  }
  for (const section of ['wrongAuthority', 'interim', 'reply'] as const)
    for (const [i, entry] of version[section].entries()) look([section, i], entry.categories)
  for (const [i, step] of version.steps.entries()) look(['steps', i, 'when'], step.when?.categories)
  for (const [i, line] of version.routing.table.entries()) look(['routing', 'table', i], line.categories)
}

function checkRouting({ routing, categories }: ProfileVersion, complain: Complain): void {
  if (routing.by === 'place' && routing.table.length > 0)
    complain(['routing', 'table'], 'by: place leaves no room for a table')
  if (routing.by !== 'place' && routing.table.length === 0) complain(['routing'], `by: ${routing.by} needs a table`)
  if (routing.by !== 'field' && routing.level === undefined) complain(['routing'], `by: ${routing.by} needs a level`)
  const seen = new Set<string>()
  for (const [i, line] of routing.table.entries()) {
    for (const named of line.categories) {
      const category = categories.find((known) => known.id === named)
      if (category !== undefined && line.field !== undefined && !category.fields.some(({ id }) => id === line.field))
        complain(['routing', 'table', i, 'field'], `no field ${line.field} in category ${named}`)
      const key = `${named} ${line.field ?? ''}`
      if (seen.has(key)) complain(['routing', 'table', i], `${key.trim()} stands twice`)
      seen.add(key)
    }
  }
}

function checkSteps({ steps, escalation }: ProfileVersion, complain: Complain): void {
  unique(
    ['steps'],
    steps.map(({ step }) => ({ id: step })),
    complain,
    'step',
  )
  const levels = escalation.levels.map(({ level }) => level)
  for (const [i, { marks }] of steps.entries()) {
    for (const [j, mark] of marks.entries()) {
      if (mark.do === 'escalate' && mark.level === undefined)
        complain(['steps', i, 'marks', j], 'escalates to no level')
      if (mark.level !== undefined && !levels.includes(mark.level))
        complain(['steps', i, 'marks', j, 'level'], `no level ${mark.level} of escalation`)
    }
  }
}

function checkNotices({ notices }: ProfileVersion, complain: Complain): void {
  const seen = new Set<string>()
  for (const [i, { event, by, text }] of notices.entries()) {
    for (const [j, kind] of by.entries()) {
      if (seen.has(`${event} ${kind}`)) complain(['notices', i, 'by', j], `a second form of ${event} by ${kind}`)
      seen.add(`${event} ${kind}`)
    }
    const allowed = placeholdersOf(event)
    for (const language of ['vi', 'en'] as const)
      for (const [, name = ''] of (text?.[language] ?? '').matchAll(/\{\{\s*([^}]*?)\s*\}\}/g))
        if (!allowed.includes(name))
          complain(['notices', i, 'text', language], `no placeholder {{${name}}}; there are ${allowed.join(', ')}`)
  }
}

function unique(
  path: (string | number)[],
  entries: readonly { readonly id: string }[],
  complain: Complain,
  field = 'id',
): void {
  for (const [i, { id }] of entries.entries())
    if (entries.findIndex((other) => other.id === id) !== i) complain([...path, i, field], `${id} stands twice`)
}
