/** How mdadm writes sizes and times. */

/** Bytes in binary and decimal units, as mdadm puts them behind a number; nothing below 5000 KiB (`human_size`). */
export function humanSize(bytes: bigint): string {
  if (bytes < 5000n * 1024n) return '';
  const units = [
    ['MiB', 'MB', 2n ** 20n, 10n ** 6n, 2n ** 31n],
    ['GiB', 'GB', 2n ** 30n, 10n ** 9n, 2n ** 41n],
    ['TiB', 'TB', 2n ** 40n, 10n ** 12n, undefined],
  ] as const;
  const [binaryName, decimalName, binary, decimal] = units.find(
    ([, , , , below]) => below === undefined || bytes < below,
  )!;
  const binaryHundredths = ((bytes * 200n) / binary + 1n) / 2n;
  const decimalHundredths = (bytes / (decimal / 200n) + 1n) / 2n;
  return ` (${hundredths(binaryHundredths)} ${binaryName} ${hundredths(decimalHundredths)} ${decimalName})`;
}

function hundredths(value: bigint): string {
  return `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86400;
/** Days of the 400 years after which the calendar repeats. */
const ERA = 146097;

/**
 * A time of the superblock as C's `ctime` writes it, in UTC: `Sat Nov 21 03:12:28 2026`.
 * @param stamp seconds since 1970 in the lower 40 bits
 */
export function timeText(stamp: bigint): string {
  const seconds = Number(stamp & 0xff_ffff_ffffn);
  const days = Math.floor(seconds / DAY);
  const { year, month, day } = civil(days);
  const clock = [seconds / 3600, seconds / 60, seconds].map((unit, i) => Math.floor(unit) % (i === 0 ? 24 : 60));
  const time = clock.map((part) => part.toString().padStart(2, '0')).join(':');
  return `${WEEKDAYS[(days + 4) % 7]} ${MONTHS[month]} ${day.toString().padStart(2)} ${time} ${year}`;
}

/** Gregorian date of a day since 1970-01-01. Years are counted from March, so that the odd day is a year's last. */
function civil(days: number): { year: number; month: number; day: number } {
  const since = days + 719468;
  const dayOfEra = since % ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const year = yearOfEra + 400 * Math.floor(since / ERA) + (month < 2 ? 1 : 0);
  return { year, month, day };
}

/** `label : value` lines with the labels right aligned, an empty line for each undefined. */
export function labelled(width: number, lines: readonly (readonly [string, string] | undefined)[]): string {
  return lines.map((line) => (line === undefined ? '\n' : `${line[0].padStart(width)} : ${line[1]}\n`)).join('');
}
