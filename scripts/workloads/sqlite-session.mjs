// Speaks SQL to a sqlite3 shell on standard output, at the pace of a small shop's clients: load, index, serve, tidy up, serve.
// The statements come from a seeded generator, so every recording asks for the same work; only the times differ.

import { setTimeout as sleep } from 'node:timers/promises';

const ROWS = 18000;
const CUSTOMERS = 3000;

let state = 20071017;
/** xorshift32: an integer in [0, limit). */
function random(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function say(sql) {
  process.stdout.write(`${sql}\n`);
}

/** One bulk transaction: `count` orders starting at id `first`, customers in scattered order. */
function load(first, count) {
  say(`BEGIN; WITH RECURSIVE n(i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${first + count - 1})
    INSERT INTO orders SELECT i, (i * 7919) % ${CUSTOMERS}, (i * 104729) % 100000,
      printf('order %d of customer %d, ', i, (i * 7919) % ${CUSTOMERS}) || hex(zeroblob(80 + (i * 31) % 90)) FROM n; COMMIT;`);
}

/** Clients with think time: small update transactions and indexed queries, `count` in all. */
async function serve(count, think) {
  for (let done = 0; done < count; done++) {
    const dice = random(12);
    if (dice < 9) {
      const updates = Array.from(
        { length: 1 + random(8) },
        () => `UPDATE orders SET amount = ${random(100000)} WHERE id = ${1 + random(ROWS)};`,
      );
      say(`BEGIN; ${updates.join(' ')} COMMIT;`);
    } else if (dice < 11) {
      say(`SELECT count(*), sum(length(note)) FROM orders WHERE customer = ${random(CUSTOMERS)};`);
    } else {
      const low = random(ROWS);
      say(`SELECT sum(amount), sum(length(note)) FROM orders WHERE id BETWEEN ${low} AND ${low + 400};`);
    }
    await sleep(think / 2 + random(think));
  }
}

say(`PRAGMA page_size = 4096; PRAGMA synchronous = FULL; PRAGMA cache_size = 1300; PRAGMA wal_autocheckpoint = 400;
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, note TEXT);`);
for (let first = 1; first <= ROWS; first += 2000) {
  load(first, 2000);
  await sleep(600);
}
say('CREATE INDEX by_customer ON orders (customer);');
await sleep(1000);
await serve(650, 30);
say('DELETE FROM orders WHERE id % 3 = 0;');
await sleep(4000);
say('VACUUM;');
await sleep(4000);
say('PRAGMA journal_mode = WAL;');
await serve(650, 30);
say('PRAGMA wal_checkpoint(TRUNCATE);');
