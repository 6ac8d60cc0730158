import type { ProvinceOptions } from '../support/open.ts'

/** Most offices take webhooks; one is behind the province's document exchange. */
export const DIEN_BIEN: ProvinceOptions = {
  office: 'webhook',
  exchange: ['dien-bien-03349'],
  start: '2026-11-16 08:00',
}
