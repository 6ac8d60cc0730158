import { describe, expect, it } from 'vitest'
import { isOtherPage, isOurPage } from './origin.ts'

const OURS = 'https://paht.example.vn'
type Headers = Readonly<Record<string, string>>

describe('an unsafe request that shows a cookie', () => {
  it.each<[boolean, string, Headers]>([
    [true, 'our page', { 'sec-fetch-site': 'same-origin' }],
    [false, 'a sister host', { 'sec-fetch-site': 'same-site' }],
    [false, 'another site', { 'sec-fetch-site': 'cross-site' }],
    [false, 'typed by a person, which posts nothing', { 'sec-fetch-site': 'none' }],
    [false, 'another site with our origin', { 'sec-fetch-site': 'cross-site', origin: OURS }],
    [true, 'an older browser on our page', { origin: OURS }],
    [true, 'our page under the name that was asked', { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }],
    [false, 'another port', { origin: 'http://127.0.0.1:9999', host: '127.0.0.1:8080' }],
    [false, 'another origin', { origin: 'https://paht.example.vn.evil.example', host: 'paht.example.vn' }],
    [false, 'a sandboxed frame', { origin: 'null', host: 'paht.example.vn' }],
    [false, 'no word', {}],
  ])('is ours: %s, %s', (ours, _, headers) => {
    for (const method of ['POST', 'DELETE', 'PUT', 'PATCH']) expect(isOurPage({ method, headers }, OURS)).toBe(ours)
    expect(isOurPage({ method: 'GET', headers }, OURS)).toBe(true)
  })
})

describe('signing in', () => {
  it.each<[boolean, Headers]>([
    [false, {}],
    [false, { 'sec-fetch-site': 'same-origin' }],
    [false, { 'sec-fetch-site': 'none' }],
    [false, { origin: OURS }],
    [true, { 'sec-fetch-site': 'same-site' }],
    [true, { 'sec-fetch-site': 'cross-site', origin: OURS }],
    [true, { origin: 'https://evil.example' }],
    [true, { origin: 'null' }],
  ])('by another page: %s, %j', (other, headers) => {
    expect(isOtherPage({ method: 'POST', headers }, OURS)).toBe(other)
  })
})
