/** Tables of the reports: plain columns, no frame, so that they can be copied and cut. */
import Table from 'cli-table3';

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** Rows of equal length; colours may be in them. */
export function columns(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_FRAME,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** 1234567 as "1,234,567". */
export function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.0314 as "3.1 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
