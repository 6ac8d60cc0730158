import autocannon from 'autocannon'

/**
 * The client of the intake bench, a process of its own: `load.ts URL CONNECTIONS SECONDS SEED`. Every report is another one. Prints one line
 * of JSON: accepted per second, p50 and p99 in ms, and what was not accepted.
 */
const [url = '', connections = '64', seconds = '5', seed = '0'] = process.argv.slice(2)
let made = 0

function body(): string {
  const n = ++made
  return JSON.stringify({
    name: `Người thử ${seed}-${n}`,
    phone: `091${String(1_000_000 + ((n * 7919) % 8_999_999))}`,
    title: `Đèn đường hỏng số ${n}`,
    content: `Cột đèn thứ ${n} trên đường vào bản không sáng đã ${n % 30} ngày, tối trẻ con đi học về rất nguy hiểm, đề nghị sửa sớm. (${seed})`,
    lat: 21.3 + (n % 1000) / 5000,
    lng: 103 + (n % 997) / 5000,
  })
}

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [
    {
      method: 'POST',
      path: '/api/v1/reports',
      headers: { 'content-type': 'application/json' },
      setupRequest: (request) => ({
        ...request,
        headers: { ...request.headers, 'idempotency-key': `${seed}-${made}` },
        body: body(),
      }),
    },
  ],
})
console.log(
  JSON.stringify({
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    refused: result.non2xx + result.errors,
  }),
)
