import { z } from 'zod'

/** Of channels that a provider calls. What it signs and how differs; what we do about it does not. */
export const signatureSetting = z
  .enum(['enforce', 'report-only'])
  .default('enforce')
  .meta({ title: 'A call whose signature does not hold: enforce refuses it, report-only takes it in and says so' })

export const allowSetting = z
  .array(z.union([z.cidrv4(), z.cidrv6()]))
  .max(50)
  .default([])
  .meta({ title: 'Private networks that this source may reach' })
