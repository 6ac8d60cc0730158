import { drive, post } from './drive.ts'
import { median } from './result.ts'

/**
 * The client of the intake bench, a process of its own: `load.ts URL CONNECTIONS SECONDS SEED`. Every report is another one. Prints one line
 * of JSON: accepted per second, p50 and p99 in ms, and what was not accepted.
 *
 * Requests are made beforehand, as the rows of the limit are. Start included, it takes 39 µs of a core a report in rounds of 3 s; autocannon,
 * with a body made for each request, took 72.
 */
const [url = '', connections = '64', seconds = '5', seed = '0'] = process.argv.slice(2)
const to = new URL('/api/v1/reports', url)
/** More than this machine can take: who runs out has measured nothing and says so. */
const PER_SECOND = 15_000

function request(n: number): Buffer {
  const body = JSON.stringify({
    name: `Người thử ${seed}-${n}`,
    phone: `091${String(1_000_000 + ((n * 7919) % 8_999_999))}`,
    title: `Đèn đường hỏng số ${n}`,
    content: `Cột đèn thứ ${n} trên đường vào bản không sáng đã ${n % 30} ngày, tối trẻ con đi học về rất nguy hiểm, đề nghị sửa sớm. (${seed})`,
    lat: 21.3 + (n % 1000) / 5000,
    lng: 103 + (n % 997) / 5000,
  })
  return post(to, { 'content-type': 'application/json', 'idempotency-key': `${seed}-${n}` }, body)
}

const requests = Array.from({ length: Number(seconds) * PER_SECOND }, (_, n) => request(n))
let sent = 0
const { perSecond, refused, latencies } = await drive({
  ...{ url, connections: Number(connections), seconds: Number(seconds), wanted: 201 },
  next: () => requests[sent++],
})
console.log(
  JSON.stringify({
    perSecond,
    p50: median([...latencies]),
    p99: latencies[Math.floor(latencies.length * 0.99)],
    refused,
  }),
)
