import type { Text } from '../../core/profile/parts.ts'
import type { Intake } from '../citizen/intake.ts'
import type { Document, Value } from './answer.ts'
import type { Asking } from './client.ts'

/** The service of a province whose rules sort nothing into categories, and of a report that is in none. */
const GENERAL = 'general'

interface Service {
  readonly code: string
  readonly name: Text
  readonly fields: readonly { readonly id: string; readonly name: Text }[]
}

/** What may be asked for, as the province's rules sort matters: the whole list, always. */
function servicesOf({ translate }: Intake, { client }: Asking): Service[] {
  const { categories } = client.version
  if (categories.length === 0) {
    const name = { vi: translate('vi', 'open311:general'), en: translate('en', 'open311:general') }
    return [{ code: GENERAL, name, fields: [] }]
  }
  return categories
    .filter(({ id }) => !client.set.hideCategories.includes(id))
    .map(({ id, name, fields }) => ({ code: id, name, fields }))
}

/** The service of a category, whoever is offered it: an officer may have set another than was sent. */
export function serviceOf(
  { translate }: Intake,
  { client, language }: Asking,
  category: string | null,
): { readonly service_code: string; readonly service_name: string } {
  const known = client.version.categories.find(({ id }) => id === category)
  const name = known?.name[language] ?? translate(language, 'open311:general')
  return { service_code: known?.id ?? GENERAL, service_name: name }
}

export function listServices(on: Intake, asking: Asking): Document {
  const { language } = asking
  const isSecret = asking.client.version.secrecy.content.rule === 'always'
  const holds = servicesOf(on, asking).map(({ code, name }) => ({
    service_code: code,
    service_name: name[language],
    description: on.translate(language, 'open311:service', { name: name[language] }),
    metadata: true,
    type: 'realtime',
    // FixMyStreet keeps reports of a private service out of its public view.
    keywords: isSecret ? 'private' : '',
  }))
  return { root: 'services', holds }
}

/** Undefined where there is no such service. */
export function describeService(on: Intake, asking: Asking, code: string): Document | undefined {
  const service = servicesOf(on, asking).find((each) => each.code === code)
  if (service === undefined) return undefined
  const attributes = attributesOf(on, asking, service).map((attribute, i) => ({ ...attribute, order: i + 1 }))
  return { root: 'service_definition', holds: { service_code: service.code, attributes } }
}

interface Attribute {
  readonly [name: string]: Value
  readonly code: string
  readonly datatype: 'string' | 'singlevaluelist'
}

function attributesOf({ translate }: Intake, { client, language }: Asking, service: Service): Attribute[] {
  const { secrecy, urgent } = client.version
  const say = (key: string) => translate(language, `open311:${key}`)
  const attribute = (code: string, values?: readonly { readonly key: string; readonly name: string }[]): Attribute => ({
    variable: true,
    code,
    datatype: values === undefined ? 'string' : 'singlevaluelist',
    required: false,
    datatype_description: values === undefined ? '' : say('datatype.one-of'),
    description: say(`attribute.${code}`),
    values: values ?? [],
  })
  const named = (of: readonly { readonly id: string; readonly name: Text }[]) =>
    of.map(({ id, name }) => ({ key: id, name: name[language] }))
  const yesOrNo = [
    { key: 'true', name: say('yes') },
    { key: 'false', name: say('no') },
  ]
  return [
    ...(service.fields.length > 0 ? [attribute('field', named(service.fields))] : []),
    attribute('urgent', named(urgent.kinds)),
    ...(secrecy.identity.rule === 'on-request' ? [attribute('identity_secret', yesOrNo)] : []),
    ...(secrecy.content.rule === 'on-request' ? [attribute('content_secret', yesOrNo)] : []),
    // Declared, since FixMyStreet sends its own id only where a service asks for it: what it sends again is known by that.
    attribute('fixmystreet_id'),
  ]
}
