/**
 * What the references leave unknown, and what this model does instead. One list: docs/stand-ins.md is generated
 * from it, and code that makes such a choice may cite the id.
 */
export interface StandIn {
  readonly id: string;
  readonly unit: 'adma' | 'dma' | 'aau' | 'all engines' | 'intc' | 'timers' | 'bus' | 'platform';
  /** What is not known. */
  readonly unknown: string;
  /** What the model does. */
  readonly chosen: string;
  /** Where the reference says that it is not known, or proposes. */
  readonly source: string;
  /** How to choose otherwise, where a driver could tell the difference. */
  readonly option?: string;
}

export const STAND_INS: readonly StandIn[] = [
  // --- hw-iop13xx section 7, row by row --------------------------------------------------------------------
  {
    id: 'SI-01',
    unit: 'adma',
    unknown: 'ACSR bits 0, 1, 2, 6, 7, 8 and 10',
    chosen:
      'bits 1 and 2 are error flags on the error line (bit 1 is raised by SI-05, bit 2 by nothing); the others read 0',
    source: 'hw-iop13xx 7 row 1, 2.2',
  },
  {
    id: 'SI-02',
    unit: 'adma',
    unknown: 'reset values; which of 0x08 to 0xB8 software can write',
    chosen:
      'all 0 after reset; ANDAR, IIPCR and TPDIK are writable, the rest is read only; gaps read 0 and are recorded as unmodelled',
    source: 'hw-iop13xx 7 row 2, 2',
  },
  {
    id: 'SI-03',
    unit: 'all engines',
    unknown: 'address registers, enable and busy after an error',
    chosen:
      'busy drops, the current address stays at the failing descriptor, the next address keeps its next pointer (or the address that failed to fetch), enable stays set, no status is written back, blocks already written stay',
    source: 'hw-iop13xx 7 row 3, 4.7; hw-iop3xx 4 (7)',
  },
  {
    id: 'SI-04',
    unit: 'all engines',
    unknown: 'clearing enable while a chain executes',
    chosen:
      'an ADMA stops before the next 1 KiB block, status write or descriptor fetch and drops busy (with coarse phases: after all data); an IOP3xx unit finishes the descriptor first; setting enable goes on from there, writing the next address gives the rest up',
    source: 'hw-iop13xx 7 row 4, 4.7; hw-iop3xx 8 (2), 4 (6)',
  },
  {
    id: 'SI-05',
    unit: 'adma',
    unknown: 'a zero-result check that fails with status write-back off: flag, vector, continuation',
    chosen:
      'ACSR bit 1, the error line, halt as after an error; only when the result is not zero; recorded as unmodelled',
    source: 'hw-iop13xx 7 row 5, 4.6',
  },
  {
    id: 'SI-06',
    unit: 'adma',
    unknown: 'what endian swap does',
    chosen:
      'bytes are swapped within each 32-bit word counted from the start of a block, on the way to the destination; a last part of a word and fill patterns are left; recorded as unmodelled',
    source: 'hw-iop13xx 7 row 6, 4.10',
  },
  {
    id: 'SI-07',
    unit: 'adma',
    unknown: 'byte order of a stored CRC; CRC without status write-back; what bit 10 leaves out',
    chosen:
      'the customary CRC-32C as a little-endian word; status is written back only when bit 12 asks for it; bit 10 leaves out the write to the destination',
    source: 'hw-iop13xx 7 row 7, 4.8',
  },
  {
    id: 'SI-08',
    unit: 'adma',
    unknown: 'the byte count that is written back with the status',
    chosen: 'the original count',
    source: 'hw-iop13xx 7 row 8, 3.3',
  },
  {
    id: 'SI-09',
    unit: 'adma',
    unknown: 'whether hardware or only Linux keeps P+Q to channel 2',
    chosen: 'every channel does it; on channels 0 and 1 it is a finding',
    source: 'hw-iop13xx 7 row 9, 4.10',
  },
  {
    id: 'SI-10',
    unit: 'adma',
    unknown: 'P+Q update: which multiplier, and whether bit 18 is needed as well',
    chosen: 'the one in word 13, for both data sources; bit 18 makes no difference',
    source: 'hw-iop13xx 7 row 10, 3.4',
  },
  {
    id: 'SI-11',
    unit: 'adma',
    unknown: 'encodings of ABCR 26:24 and ACCR 31:2; the host interface',
    chosen:
      'ABCR 26:24 is ignored; ACCR 29 is stored without effect, the other bits read 0 and ones are recorded as unmodelled; transfers to and from the host run as local ones and are recorded as unmodelled',
    source: 'hw-iop13xx 7 row 11, 6 (12)',
  },
  {
    id: 'SI-12',
    unit: 'adma',
    unknown: 'fields of IIPCR, IIPAR, IIPUAR and TPDIK',
    chosen: 'IIPCR and TPDIK are storage; IIPAR and IIPUAR hold the address of an injected parity error',
    source: 'hw-iop13xx 7 row 12, 2.4, 4.7',
  },
  {
    id: 'SI-13',
    unit: 'bus',
    unknown: 'width of the internal bus, latencies, burst lengths, arbitration among channels',
    chosen:
      'every number is in docs/timing.md; one transaction a master, served in the order of asking; the host interface has no latency of its own',
    source: 'hw-iop13xx 7 row 13, 5.2; hw-iop3xx 8 (9), 7',
  },
  {
    id: 'SI-14',
    unit: 'all engines',
    unknown: 'EOC or EOT when resume is pending at the end of a chain; whether EOC clears itself',
    chosen:
      'IOP13xx: decided after the re-read, EOT when the chain goes on, EOC when not; IOP3xx: EOC before the re-read; only software clears flags; resume is looked at once more after busy has dropped',
    source: 'hw-iop13xx 7 row 14, 4.5, 4.3; hw-iop3xx 8 (6), 4 (4)',
  },
  {
    id: 'SI-15',
    unit: 'adma',
    unknown: 'phase of the fill pattern when the destination is not word aligned',
    chosen: 'the pattern is anchored to addresses: byte k of an address modulo 4 takes pattern byte k',
    source: 'hw-iop13xx 7 row 15, 3.4',
  },
  {
    id: 'SI-16',
    unit: 'adma',
    unknown: 'errata of the parts',
    chosen: 'none is modelled, the window in which IINTVEC reads INTBASE (6.7) included',
    source: 'hw-iop13xx 7 row 16, 6',
  },
  // --- assumptions elsewhere in hw-iop13xx -----------------------------------------------------------------
  {
    id: 'SI-17',
    unit: 'all engines',
    unknown: 'what starts a chain: edge or level, next address 0, an error flag still set',
    chosen:
      'only enable going from 0 to 1 with a next address starts a chain, error flags or not; with next address 0 the unit stays idle; enable written as 1 again and a next address written to an idle enabled unit do nothing',
    source: 'hw-iop13xx 4.2; hw-iop3xx 4 (1), 4 (7)',
  },
  {
    id: 'SI-18',
    unit: 'all engines',
    unknown: 'resume written as 0 while pending, set with an error flag, or set before any descriptor ran',
    chosen:
      'software can only set it; with an error flag it stays pending; without a current descriptor it is cleared and a finding',
    source: 'hw-iop13xx 2.1, 4.3, 4.7',
  },
  {
    id: 'SI-19',
    unit: 'all engines',
    unknown: 'the next address written while the unit is active',
    chosen: 'ignored, and a finding',
    source: 'hw-iop13xx 2.3',
  },
  {
    id: 'SI-20',
    unit: 'all engines',
    unknown: 'descriptor addresses that are no multiple of 32; larger alignment of larger descriptors',
    chosen: 'the low 5 bits are ignored; no more than 32 bytes is asked for',
    source: 'hw-iop13xx 3.1; hw-iop3xx 3, 8 (5)',
  },
  {
    id: 'SI-21',
    unit: 'adma',
    unknown: 'more than one mode in a descriptor; bits that only mean something with a mode',
    chosen:
      'fill wins over dual XOR, P+Q update, P+Q, CRC and XOR in that order, and it is a finding; bits 10 and 11 without 9 and bit 19 without 18 are ignored',
    source: 'hw-iop13xx 4.10',
  },
  {
    id: 'SI-22',
    unit: 'adma',
    unknown:
      'P+Q with P and Q at different low address bits, P+Q checks of fewer than 4 sources, dual XOR of sources that are not local',
    chosen: 'a finding each, and computed all the same',
    source: 'hw-iop13xx 4.10, 6 (1)',
  },
  {
    id: 'SI-23',
    unit: 'adma',
    unknown: 'P+Q of one source',
    chosen: 'P is the source, Q the source times its multiplier',
    source: 'hw-iop13xx 4.10',
  },
  {
    id: 'SI-24',
    unit: 'all engines',
    unknown: 'a byte count of 2^24; of 0 in other modes than copy and CRC',
    chosen:
      'bits above the field are no part of the count; count 0 moves no data, completes, and writes its status back where asked to',
    source: 'hw-iop13xx 4.4, 4.10; hw-iop3xx 3.6, 8 (5)',
  },
  {
    id: 'SI-25',
    unit: 'all engines',
    unknown: 'whether hardware fetches more of a descriptor than its operation needs',
    chosen: 'exactly the words of the operation, in one burst',
    source: 'hw-iop13xx 3.1, 5.2',
  },
  {
    id: 'SI-26',
    unit: 'all engines',
    unknown: 'a chain that leads back into itself',
    chosen: 'it runs for ever as on silicon, and is a finding when it closes',
    source: 'hw-iop13xx 4.1',
  },
  // --- hw-iop3xx section 8 and elsewhere -------------------------------------------------------------------
  {
    id: 'SI-27',
    unit: 'all engines',
    unknown: 'reset values and reserved bits of the IOP3xx DMA and AAU',
    chosen: 'all 0 after reset; reserved bits read 0, writing ones to them is a finding',
    source: 'hw-iop3xx 8 (1), 2',
  },
  {
    id: 'SI-28',
    unit: 'aau',
    unknown: 'P+Q on the 33x D-step: enable bit, layout, field polynomial, zero check',
    chosen:
      'ACR bit 3 enables it; 3, 6, 12 or 16 sources by ADCR 26:25, the multipliers of three sources in the word after them; GF(2^8) modulo 0x11D; one destination; a check as for XOR; every use is recorded as unmodelled',
    source: 'hw-iop3xx 8 (3), 3.5',
  },
  {
    id: 'SI-29',
    unit: 'aau',
    unknown: 'zero-result check and dual XOR on the 80321; meaning of the dual XOR words on 33x',
    chosen: 'done on every part with the words of 3.5; on the IOP321 recorded as unmodelled',
    source: 'hw-iop3xx 8 (4), 0 (4), 3.5',
  },
  {
    id: 'SI-30',
    unit: 'aau',
    unknown: 'phase of a block fill on an unaligned destination',
    chosen: 'the pattern is a stream of bytes that starts at the destination',
    source: 'hw-iop3xx 8 (5), 3.4',
  },
  {
    id: 'SI-31',
    unit: 'aau',
    unknown: 'XOR as the command of block 1; reserved commands; zero-result checks of more than 1 KiB',
    chosen:
      'the store queue keeps what the descriptor before left, and the source is folded into it; reserved commands are ignored and a finding; a long check is done block by block and a finding',
    source: 'hw-iop3xx 3.3, 3.6',
  },
  {
    id: 'SI-32',
    unit: 'dma',
    unknown: 'DCR bit 7; status write-back of a CRC; the CRC on 32x',
    chosen:
      'bit 7 has no effect, data move either way; a CRC writes DCR back with bit 31 set; 32x copies, which is recorded as unmodelled',
    source: 'hw-iop3xx 3.1, 0 (4)',
  },
  {
    id: 'SI-33',
    unit: 'dma',
    unknown: 'transfers over PCI: there is no PCI bus in this model',
    chosen:
      'run from the PCI address to the local address whatever the command, and are recorded as unmodelled; CSR bits 1, 2 and 3 are never set',
    source: 'hw-iop3xx 3.1',
  },
  {
    id: 'SI-34',
    unit: 'all engines',
    unknown: 'how IOP3xx units report other errors than a master abort',
    chosen: 'every injected fault sets bit 5, internal bus master abort',
    source: 'hw-iop3xx 2.1, 2.2, 4 (7)',
  },
  // --- interrupt controllers, timers, platforms -------------------------------------------------------------
  {
    id: 'SI-35',
    unit: 'intc',
    unknown: 'the meaning of priorities, and the order within one priority',
    chosen:
      '0 is the highest; the lower source number goes first on the IOP13xx, the higher on the IOP3xx, as their Linux takes them',
    source: 'hw-iop13xx 1.4; hw-iop3xx 1.4',
  },
  {
    id: 'SI-36',
    unit: 'intc',
    unknown: 'codes of INTSIZE other than 1; scaling on 33x',
    chosen: 'a code s puts vectors 2^(s + 1) bytes apart, on both families; all ones when nothing is pending',
    source: 'hw-iop13xx 1.4; hw-iop3xx 8 (7), 1.4',
  },
  {
    id: 'SI-37',
    unit: 'intc',
    unknown: 'reset values; inter-processor interrupts; PIRSR',
    chosen:
      'all registers 0: masked, steered to IRQ; IPIPNDR reads 0; PIRSR does not exist, its accesses are recorded as unmodelled',
    source: 'hw-iop13xx 1.4; hw-iop3xx 1.4, 8 (8)',
  },
  {
    id: 'SI-38',
    unit: 'timers',
    unknown: 'when the terminal count bit clears, and whether a one-shot timer disables itself',
    chosen: 'the bit stays until software writes TMR; enable clears itself at zero without reload',
    source: 'hw-iop3xx 8 (7), 1.5',
  },
  {
    id: 'SI-39',
    unit: 'timers',
    unknown: 'the period with reload value N',
    chosen: 'N + 1 ticks, as Linux programs it',
    source: 'hw-iop3xx 8 (7), 1.5',
  },
  {
    id: 'SI-40',
    unit: 'timers',
    unknown: 'privileged mode, writes to the memory-mapped view, the watchdog',
    chosen:
      'TMR bit 3 has no effect; both views can be written; the watchdog counts 2^32 bus clocks, and its expiry is recorded as unmodelled instead of a reset; WDTSR does not exist',
    source: 'hw-iop13xx 1.4; hw-iop3xx 1.5',
  },
  {
    id: 'SI-41',
    unit: 'platform',
    unknown: 'base of the DRAM of the IOP331, and the pin of the host adapter',
    chosen: 'DRAM starts at 0; the adapter is on XINT0: source 24 on the IOP13xx and IOP331, 27 on the IOP321',
    source: 'hw-iop13xx 1.4; hw-iop3xx 1.1, 1.3',
  },
  {
    id: 'SI-42',
    unit: 'all engines',
    unknown: 'how a driver learns how far a descriptor came before its error',
    chosen:
      'after an error the byte count register holds what is left: the count less the blocks whose destinations are all written; after a failed fetch it holds what it held before, and the next and the current address are equal',
    source: 'hw-iop13xx 4.7; hw-iop3xx 4 (7)',
  },
  {
    id: 'SI-43',
    unit: 'all engines',
    unknown: 'for how long a resume behind an idle unit shows busy when its re-read finds no next descriptor',
    chosen:
      'as long as the re-read takes, and nothing interrupts at its end; where an explorer orders events it is over before a register read, because Linux’s driver, whose cleanup finds the unit busy then, is never told to look again and stands still',
    source: 'hw-iop13xx 4.3',
  },
];
