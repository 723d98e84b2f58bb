/** A superblock in memory, and its bytes. */
import type { StructOf } from './fields';
import { readStruct, writeStruct } from './fields';
import type { Feature } from './layout';
import { HEADER_BYTES, MAX_ROLES, Role, SUPER_BYTES, SUPERBLOCK } from './layout';

/** Every field, and the role of every member by its number (SB-04). */
export type Superblock = StructOf<typeof SUPERBLOCK> & { readonly roles: readonly number[] };

/** Reads a superblock without judging it; a role table longer than there is room for is cut. */
export function decodeSuperblock(bytes: Uint8Array): Superblock {
  const header = readStruct(SUPERBLOCK, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = Math.min(header.maxDev, MAX_ROLES);
  const roles = Array.from({ length: entries }, (_, i) => view.getUint16(HEADER_BYTES + 2 * i, true));
  return { ...header, roles };
}

/**
 * The 4 KiB of a superblock. Checksum and length of the role table are those of the content, whatever the fields say.
 * @throws RangeError for more roles than there is room for
 */
export function encodeSuperblock(superblock: Superblock): Uint8Array {
  const { roles } = superblock;
  if (roles.length > MAX_ROLES) throw new RangeError(`${roles.length} roles, there is room for ${MAX_ROLES}`);
  const bytes = new Uint8Array(SUPER_BYTES);
  const view = new DataView(bytes.buffer);
  writeStruct(SUPERBLOCK, { ...superblock, maxDev: roles.length }, bytes);
  roles.forEach((role, i) => view.setUint16(HEADER_BYTES + 2 * i, role, true));
  view.setUint32(SUPERBLOCK.sbCsum.offset, checksum(bytes, roles.length), true);
  return bytes;
}

/**
 * The checksum over header and role table, its own field taken as zero (SB-03, `calc_sb_1_csum`): 32-bit words, and the
 * last 16 bits of an odd table, added up; what does not fit 32 bits is added once more.
 */
export function checksum(bytes: Uint8Array, maxDev: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + 2 * maxDev;
  let sum = 0;
  for (let at = 0; at + 4 <= end; at += 4) if (at !== SUPERBLOCK.sbCsum.offset) sum += view.getUint32(at, true);
  if (end % 4 !== 0) sum += view.getUint16(end - 2, true);
  return ((sum % 2 ** 32) + Math.floor(sum / 2 ** 32)) % 2 ** 32;
}

/** Whether a bit of the feature map is set. */
export function hasFeature({ featureMap }: Superblock, { bit }: Feature): boolean {
  return (featureMap & bit) !== 0;
}

/** What this member is in the array; a number beyond the table is a spare (`super_1_validate`). */
export function roleOf({ devNumber, roles }: Superblock): number {
  return roles[devNumber] ?? Role.spare;
}

/** Sectors after which data may start: the superblock as md writes it, whole sectors. */
export function superSectors(roles: number): number {
  return Math.ceil((HEADER_BYTES + 2 * roles) / 512);
}

/** The array's name as text. */
export function nameOf({ setName }: Superblock): string {
  const end = setName.indexOf(0);
  return new TextDecoder().decode(end < 0 ? setName : setName.subarray(0, end));
}

/** A UUID in md's four groups. */
export function uuidText(uuid: Uint8Array): string {
  const digits = Array.from(uuid, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/.{8}(?=.)/g, '$&:');
}
