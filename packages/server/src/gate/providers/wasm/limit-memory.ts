const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
/** Flags of a memory: bit 0 says that a maximum follows, bit 1 that it is shared, bit 2 that it is 64-bit. */
const HAS_MAXIMUM = 1;

/**
 * A module with a maximum on its memory, so that it cannot grow past it: the engine has a limit for
 * the whole process alone. No library does it: those that rewrite modules are compilers.
 *
 * @returns `undefined` for what is no module, or has another memory than one plain one that fits.
 * @see WebAssembly Core Specification 2.0 §5.5.8
 */
export function limitMemory(module: Uint8Array, maxPages: number): Uint8Array | undefined {
  const bytes = Buffer.from(module);
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const start = at;
    const id = bytes[at];
    const size = readNumber(bytes, at + 1);
    if (size === undefined) return undefined;
    const end = size.next + size.value;
    if (end > bytes.length) return undefined;
    if (id === MEMORY_SECTION) {
      const section = limitSection(bytes.subarray(size.next, end), maxPages);
      if (section === undefined) return undefined;
      return Buffer.concat([bytes.subarray(0, start), section, bytes.subarray(end)]);
    }
    at = end;
  }
  // Without a memory of its own there is nothing to grow.
  return bytes;
}

function limitSection(section: Buffer, maxPages: number): Buffer | undefined {
  const count = readNumber(section, 0);
  if (count === undefined || count.value !== 1) return undefined;
  const flags = section[count.next];
  if (flags !== 0 && flags !== HAS_MAXIMUM) return undefined;
  const minimum = readNumber(section, count.next + 1);
  if (minimum === undefined || minimum.value > maxPages) return undefined;
  const maximum = flags === HAS_MAXIMUM ? readNumber(section, minimum.next) : undefined;
  const pages = Math.min(maximum?.value ?? maxPages, maxPages);
  const limits = [1, HAS_MAXIMUM, ...writeNumber(minimum.value), ...writeNumber(pages)];
  return Buffer.from([MEMORY_SECTION, ...writeNumber(limits.length), ...limits]);
}

/** Unsigned LEB128 of at most 32 bits. */
function readNumber(bytes: Buffer, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  return undefined;
}

function writeNumber(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low | 0x80, ...writeNumber(Math.floor(value / 128))];
}
