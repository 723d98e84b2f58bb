import { FieldError, InputError, quote } from '../../../raid5/workload/input-error';

describe('InputError', () => {
  it('says file, line, column, what is wrong and what was expected, and nothing else', () => {
    const error = new InputError('a.csv', 3, 14, "size '7' is odd", 'an even size');
    expect(error.message).toBe("a.csv:3:14: size '7' is odd, expected an even size");
    expect(String(error)).toBe(error.message);
    expect(error).toMatchObject({ file: 'a.csv', line: 3, column: 14, name: 'InputError' });
    expect(error).toBeInstanceOf(FieldError);
  });

  it('stays on one line whatever the names in it hold', () => {
    const error = new InputError('a\nb.csv', 1, 1, `${quote('x\r\ny\u2028')} is odd`, 'peace');
    expect(error.message).toBe("a\\u000ab.csv:1:1: 'x\\u000d\\u000ay\\u2028' is odd, expected peace");
  });
});

it('quotes at most 60 characters of a long value', () => {
  expect(quote('x'.repeat(60))).toBe(`'${'x'.repeat(60)}'`);
  expect(quote('x'.repeat(61))).toBe(`'${'x'.repeat(59)}…'`);
});
