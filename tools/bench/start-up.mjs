/**
 * How long the built program takes to start, against `node -e 0`: pairs of runs in turn, wall time and processor time,
 * the median of the pairs' ratios. Part of `npm run bench`; a number as argument says how many pairs.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PAIRS = Number(process.argv[2] ?? 21);
const GOAL = 2.5;
const ADMA = fileURLToPath(new URL('../../dist/scripts/adma.js', import.meta.url));

/** Milliseconds of one run; bash has them from getrusage(2), children alone. */
function timed(args) {
  const line = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null';
  const text = execFileSync('bash', ['-c', `{ ${line}; } 2>&1`, 'bash', process.execPath, ...args], {
    encoding: 'utf8',
  });
  const [wall, user, system] = text.trim().split(' ').map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

for (const words of [['--version'], ['--help'], ['run', '--help']]) {
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    const order = [() => timed(['-e', '0']), () => timed([ADMA, ...words])];
    const times =
      i % 2 === 0
        ? order.map((run) => run())
        : order
            .reverse()
            .map((run) => run())
            .reverse();
    return { node: times[0], adma: times[1] };
  });
  const of = (kind) => {
    const ratio = median(pairs.map(({ node, adma }) => adma[kind] / node[kind]));
    return `${median(pairs.map(({ adma }) => adma[kind])).toFixed(0)} ms ${kind}, ${ratio.toFixed(2)} ×`;
  };
  process.stdout.write(
    `start-up of adma ${words.join(' ')}: ${of('wall')}; ${of('cpu')} (goal ≤ ${GOAL} × node -e 0)\n`,
  );
}
