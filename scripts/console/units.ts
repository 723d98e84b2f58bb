/** Numbers as people read them. */

/** `12,345` */
export function count(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Bytes in decimal units: `58.0 MB` */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return unit === 0 ? `${value} B` : `${scaled.toFixed(scaled < 10 ? 2 : 1)} ${units[unit]}`;
}

/** Bytes in binary units where they come out even: `64 KiB` */
export function binaryBytes(value: number): string {
  if (value % 2 ** 20 === 0) return `${value / 2 ** 20} MiB`;
  return value % 1024 === 0 ? `${value / 1024} KiB` : `${value} B`;
}

/** Seconds with the unit that fits: `27.3 ms` */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(3)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(1)} µs`;
}

/** `12.3 %` of a part in 0 … 1 */
export function percent(part: number): string {
  return `${(100 * part).toFixed(part < 0.1 ? 2 : 1)} %`;
}

/** A physical address: `0xffd80004`. */
export function hexAddress(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}

/** The first and the last address of a window. */
export function addressRange({ base, size }: { readonly base: number; readonly size: number }): string {
  return `${hexAddress(base)} – ${hexAddress(base + size - 1)}`;
}

/** Whole seconds as on a clock: `0:07`, `1:05:00`. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (part: number): string => String(part % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
}

/** `1 engine error`, `1,234 engine errors`. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`;
}
