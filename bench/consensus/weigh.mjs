// Bytes of a batch of 32 rows on its way to one predictor and back, bodies alone: node bench/consensus/weigh.mjs http://localhost:4001
import { readFileSync } from 'node:fs';

const rows = 32;
for (const network of ['iris', 'titanic', 'housing']) {
  const [head, ...lines] = readFileSync(new URL(`../../Predictors/Data/${network}.csv`, import.meta.url), 'utf8').split('\n');
  const names = head.split(',');
  const cells = lines.slice(0, rows).map(line => line.split(','));
  const model = await (await fetch(`${process.argv[2]}/v2/models/${network}`)).json();
  const inputs = model.inputs.map(({ name, datatype }) => ({
    name,
    shape: [rows],
    datatype,
    data: cells.map(row => {
      const cell = row[names.indexOf(name)];
      return datatype === 'BYTES' ? cell : datatype === 'BOOL' ? cell === 'true' : cell === '' ? null : Number(cell);
    }),
  }));
  const body = JSON.stringify({ inputs });
  const answer = await fetch(`${process.argv[2]}/v2/models/${network}/infer`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  if (!answer.ok) throw new Error(await answer.text());
  console.log(`${network}: ${body.length} bytes there, ${(await answer.text()).length} back`);
}
