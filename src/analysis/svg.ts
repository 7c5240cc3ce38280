/** Neither black nor white, and so readable on both. */
const grey = '#808080';
/** Distinct for colour-blind readers, on light and on dark (Okabe & Ito 2008). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
/** As in the chapter, lines can be distinguished without colours. */
const dashes = ['', ' stroke-dasharray="8,4"', ' stroke-dasharray="2"'];

/** How many lines of a plot can be distinguished. */
export const maxLines = colours.length * dashes.length;

/** An SVG document of this size in pixels. */
export function svg(width: number, height: number, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    ...elements,
    '</svg>',
  ].join('\n');
}

export function colourOf(series: number): string {
  return colours[series % colours.length];
}

/** The attributes of the line of a series, by its number from 0. */
export function stroke(series: number): string {
  const dash = dashes[(series + Math.floor(series / colours.length)) % dashes.length];
  return `fill="none" stroke="${colourOf(series)}" stroke-width="2"${dash}`;
}

/** A line of the grid or, more visibly, of an axis. */
export function line(x1: number, y1: number, x2: number, y2: number, isAxis: boolean): string {
  const opacity = isAxis ? '' : ' stroke-opacity="0.25"';
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${grey}"${opacity}/>`;
}

/** What XML cannot contain. */
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll(notXml, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" fill="${grey}" ${attributes}>${escaped}</text>`;
}

/** A number for readers. */
export function label(value: number): string {
  return value.toLocaleString('en');
}
