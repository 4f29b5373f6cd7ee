// Reads what the benches printed in two passes, and compares each ratio with the one that the document keeps.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Below it a difference says nothing on a machine that others use too.
const LEAST_NOISE = 0.1

const [folder, document, note, keep] = process.argv.slice(2)
const [begin, end] = ['<!-- bench/run: begin -->', '<!-- bench/run: end -->']
const read = (name, pass) => readFileSync(join(folder, `${name}.${pass}`), 'utf8')
const cells = (line) => line.split('|').map((cell) => cell.trim())

// The more the better, for all of them.
function ratiosOf(pass) {
  const ratios = new Map()
  for (const [, route, connections, shop, peer, direct, bare] of read('shop', pass).matchAll(
    /^(\w+)@(\d+) per second: shop (\d+), peer (\d+), direct (\d+)(?:, bare (\d+))?/gm
  )) {
    ratios.set(`${route} at ${connections}: shop / express`, shop / peer)
    ratios.set(`${route} at ${connections}: shop / Npgsql alone`, shop / direct)
    if (bare) ratios.set(`${route} at ${connections}: shop / bare Kestrel`, shop / bare)
  }
  const [predict, ledger] = [read('predict', pass), read('ledger', pass)]
  for (const [, callers, , p50] of rows(predict, 'consensus of six').map(cells))
    ratios.set(`prediction at ${callers}: limit's p50 / ours`, limitOf(predict, callers) / p50)
  for (const [, what, seen, limit] of [...rows(ledger, '/s ('), ...rows(ledger, 'SHA-256')].map(cells))
    ratios.set(
      `ledger: ${what}`,
      seen.endsWith('/s') ? parseFloat(seen) / parseFloat(limit) : parseFloat(limit) / parseFloat(seen)
    )
  return ratios
}

const rows = (text, what) => text.split('\n').filter((line) => line.startsWith('|') && line.includes(what))

const limitOf = (text, callers) =>
  parseFloat(cells(rows(text, 'limit: six').find((line) => cells(line)[1] === callers))[3])

const [first, second] = [ratiosOf(1), ratiosOf(2)]
if (first.size === 0) throw new Error('The benches printed no ratio.')
const text = readFileSync(document, 'utf8')
const kept = new Map(
  rows(text.slice(text.indexOf(begin), text.indexOf(end)), '%')
    .map(cells)
    .map(([, name, value, spread]) => [name, { value: parseFloat(value), spread: parseFloat(spread) / 100 }])
)

// What is not printed any more has not fallen, and nobody would see it fall.
const missing = [...new Set([...(keep === '--keep' ? [] : kept.keys()), ...first.keys(), ...second.keys()])].filter(
  (name) => !first.has(name) || !second.has(name)
)
let fell = 0
const shown = []
const saved = []
for (const [name, one] of first) {
  if (!second.has(name)) continue
  const other = second.get(name)
  const value = (one + other) / 2
  const spread = Math.max(LEAST_NOISE, Math.abs(one - other) / 2 / value)
  const before = kept.get(name)
  const change = before ? value / before.value - 1 : undefined
  const isWorse = before && change < -(spread + before.spread)
  if (isWorse) fell++
  const told = change === undefined ? 'not kept yet' : `${(100 * change).toFixed(0)} %${isWorse ? ' **fell**' : ''}`
  shown.push(`| ${name} | ${value.toFixed(2)} | ${(100 * spread).toFixed(0)} % | ${before?.value ?? ''} | ${told} |`)
  saved.push(`| ${name} | ${value.toFixed(2)} | ${(100 * spread).toFixed(0)} % |`)
}

for (const name of missing) shown.push(`| ${name} |  |  | ${kept.get(name)?.value ?? ''} | **missing** |`)

console.log(['', '| ratio | now | noise | kept | change |', '| --- | ---: | ---: | ---: | --- |', ...shown].join('\n'))
console.log(`\n${note}. ${fell === 0 ? 'Nothing fell' : `${fell} of ${first.size} fell`} by more than the noise.`)
if (missing.length > 0) console.log(`${missing.length} were not printed in both passes.`)
if (keep === '--keep') {
  const day = new Date().toISOString().slice(0, 10)
  const table = ['| ratio | kept | noise |', '| --- | ---: | ---: |', ...saved, '', `${day}; ${note}.`].join('\n')
  writeFileSync(document, `${text.slice(0, text.indexOf(begin) + begin.length)}\n${table}\n${text.slice(text.indexOf(end))}`)
}
if (missing.length > 0 || (fell > 0 && keep !== '--keep')) process.exitCode = 1
