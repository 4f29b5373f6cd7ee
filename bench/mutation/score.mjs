// Reads Stryker's report (mutation-testing-elements schema) and puts a row per file into the document's table.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

const [report, document] = process.argv.slice(2)
const [begin, end] = ['<!-- mutation: begin -->', '<!-- mutation: end -->']
const text = readFileSync(document, 'utf8')
const table = text.slice(text.indexOf(begin) + begin.length, text.indexOf(end))
const rows = new Map(
  table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => [line.split('`')[1], line])
)

const today = new Date().toISOString().slice(0, 10)
for (const [path, { mutants }] of Object.entries(JSON.parse(readFileSync(report, 'utf8')).files)) {
  const count = (...states) => mutants.filter((mutant) => states.includes(mutant.status)).length
  const [noticed, missed] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')]
  if (noticed + missed === 0) continue
  const survivors = mutants
    .filter((mutant) => ['Survived', 'NoCoverage'].includes(mutant.status))
    .map((mutant) => `${mutant.location.start.line} ${mutant.mutatorName.replace(/ mutation$/, '').toLowerCase()}`)
  const score = ((100 * noticed) / (noticed + missed)).toFixed(0)
  const name = basename(path)
  rows.set(name, `| \`${name}\` | ${noticed + missed} | ${score} % | ${survivors.join('; ')} | ${today} |`)
}

const sum = (column) => [...rows.values()].map((row) => parseFloat(row.split('|')[column])).reduce((a, b) => a + b, 0)
const all = sum(2)
const noticed = [...rows.values()].reduce((total, row) => total + (row.split('|')[2] * parseFloat(row.split('|')[3])) / 100, 0)
const head = '| file | mutants | noticed | survivors: line and kind | taken |\n| --- | ---: | ---: | --- | --- |'
const foot = `In all ${all} mutants of ${rows.size} files; ${((100 * noticed) / all).toFixed(0)} % noticed.`
const lines = [...rows.keys()].sort().map((name) => rows.get(name))
const made = `\n${[head, ...lines].join('\n')}\n\n${foot}\n`
writeFileSync(document, text.slice(0, text.indexOf(begin) + begin.length) + made + text.slice(text.indexOf(end)))
console.log(foot)
