/** The sentences of both API documents against the documents, and against the rules that hold them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../conformance/rules/catalogue';
import { DOCUMENT_SENTENCES, documentSentences } from '../../conformance/rules/documents';
import { ERRATA } from '../../conformance/rules/errata';
import { ruleHolders } from '../../tools/docs/rules';

const SEEDS = join(__dirname, '..', '..', '..', 'shared', 'seeds');
const present = existsSync(SEEDS);
const name = (text: string): string => (present ? text : `${text} (skipped: no ${SEEDS})`);

/** One space between words, plain quotation marks, no plus of a patch. */
function words(text: string): string {
  return text.replace(/^\+/gm, '').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ');
}

/** History, headings, and sentences that only lead to the next: nothing in them can be wrong about the code. */
const LEFT_OUT = {
  both: [
    'General format of the API',
    'When does the operation execute?',
    'When does the operation complete?',
    'The API was initially designed to offload the memory copy and xor-parity-calculations of the md-raid5 driver using the offload engines present in the Intel(R) Xscale series of I/O processors.',
    "It also built on the 'dmaengine' layer developed for offloading memory copies in the network stack using Intel(R) I/OAT engines.",
    'The following design features surfaced as a result:',
    'A descriptor can be acked by one of the following methods:',
    'There are two methods for an application to learn about the completion of an operation.',
    'There are a few conformance points required in dmaengine drivers to accommodate assumptions made by applications using the async_tx API:',
    'See include/linux/async_tx.h for more information on the flags.',
    'See the ops_run_* and ops_complete_* routines in drivers/md/raid5.c for more implementation examples.',
  ],
  modern: [
    '4.2 "My application needs exclusive control of hardware channels"',
    'Primarily this requirement arises from cases where a DMA engine driver is being used to support device-to-memory operations.',
    'For these cases the dma_request_channel() interface is provided.',
    'Where dma_filter_fn is defined as:',
    'A couple caveats to note when implementing a driver and consumer:',
  ],
  '2007': [
    '4.2 "My application needs finer control of hardware channels"',
    'This requirement seems to arise from cases where a DMA engine driver is trying to support device-to-memory DMA.',
    'The dmaengine and async_tx implementations were designed for offloading memory-to-memory operations; however, there are some capabilities of the dmaengine layer that can be used for platform-specific channel management.',
    "Before showing how to implement a custom dma_event callback some background of dmaengine's client support is required.",
  ],
};

const documents = [
  ['modern', 'async-tx-api.txt', 'Asynchronous Transfers', '5. Source'],
  ['2007', '2007-async-tx-pull-request.txt', 'Asynchronous Transfers', 'include/linux/dmaengine.h:'],
] as const;

describe.each(documents)('the document of %s', (edition, file, from, to) => {
  const test = present ? it : it.skip;
  const text = present ? words(readFileSync(join(SEEDS, file), 'utf8')) : '';
  const body = text.slice(text.indexOf(from), text.indexOf(to));
  const own = DOCUMENT_SENTENCES.filter((sentence) => sentence.edition === 'both' || sentence.edition === edition);

  test(name('has every sentence word by word'), () => {
    expect(own.filter(({ quote }) => !body.includes(quote)).map(({ id }) => id)).toEqual([]);
  });

  test(name('has no sentence that is not listed, but history and leads'), () => {
    const leftOut = [...LEFT_OUT.both, ...LEFT_OUT[edition]];
    expect(leftOut.filter((quote) => !body.includes(quote))).toEqual([]);
    const listed = [...own.map(({ quote }) => quote), ...leftOut].sort((a, b) => b.length - a.length);
    const rest = listed.reduce((left, quote) => left.replaceAll(quote, ' ¶ '), body);
    // Five words in a row are a sentence; code has none.
    expect(rest.match(/(?:['a-zA-Z][\w<>'-]*(?:\(\))? ){4}[a-zA-Z][^¶]*/g)).toBeNull();
  });
});

describe('each sentence', () => {
  it('has an id of its own, and rules that are in the catalogue', () => {
    expect(new Set(DOCUMENT_SENTENCES.map(({ id }) => id)).size).toBe(DOCUMENT_SENTENCES.length);
    for (const { rules } of DOCUMENT_SENTENCES) expect(Object.keys(RULES)).toEqual(expect.arrayContaining([...rules]));
  });

  it('is held by a test of every rule of it, and shown by one where it is wrong', () => {
    const { tests } = ruleHolders();
    for (const { id, rules, erratum } of DOCUMENT_SENTENCES) {
      const named = [...rules, ...(erratum === undefined ? [] : [erratum])];
      const free = named.filter((rule) => tests(rule).length === 0);
      expect({ id, rules: named.length > 0, free }).toEqual({ id, rules: true, free: [] });
    }
  });

  it('of the errata stands in each document that it is wrong in', () => {
    for (const [id, { wrongIn }] of Object.entries(ERRATA)) {
      const editions = DOCUMENT_SENTENCES.filter(({ erratum }) => erratum === id).map(({ edition }) => edition);
      const own = wrongIn === '2007' ? '2007' : 'modern';
      const fits = editions.includes('both') || (wrongIn !== 'both' && editions.includes(own));
      expect({ id, fits }).toEqual({ id, fits: true });
    }
  });
});

describe('what a finding breaks', () => {
  it('is the obligation that its rule rests on, in today’s words where there are any', () => {
    expect(documentSentences('IA-78').map(({ id }) => id)).toEqual(['api 4.1.2']);
    expect(documentSentences('AX-11').map(({ id }) => id)).toEqual(['api 3.6.1', 'api 3.6.3']);
    expect(documentSentences('CL-06').map(({ id }) => id)).toEqual(['api-2007 4.2.6']);
  });

  it('is no sentence that obliges nobody, and none for rules of other families', () => {
    expect(documentSentences('SW-01')).toEqual([]);
    expect(documentSentences('KS-02')).toEqual([]);
  });
});
