import { Type } from 'typebox';
import { maxPoints } from '../../analysis/zipf.ts';
import { defaulted, formatField, nullableNumber, textBody } from './fields.ts';
import { tableBody, tableHeaders } from './pages.ts';
import { columns } from './tables.ts';

/** The formats of the curves. */
export const zipfFormats = ['json', 'svg', 'csv'] as const;

export const ZipfQuery = Type.Object(
  {
    points: defaulted(
      Type.Integer({
        minimum: 2,
        maximum: maxPoints,
        default: 500,
        description: 'Maximum number of points of a series, evenly spaced on a logarithmic axis',
      }),
    ),
    orders: Type.Optional(
      Type.String({
        pattern: '^[1-6](,[1-6])*$',
        description:
          'The orders whose curves are returned, separated by commas, such as 1,2; by default all, and in the plot the first three',
      }),
    ),
    format: formatField(zipfFormats),
  },
  { additionalProperties: false },
);

const Curves = Type.Object(
  {
    version: Type.Integer(),
    series: Type.Array(
      Type.Object(
        {
          order: Type.Integer(),
          alpha: nullableNumber({
            description: `α of the fit n_i ∝ i^-α, by least squares in natural logarithms over ${maxPoints} ranks evenly spaced on a logarithmic axis; null if there are fewer than two`,
          }),
          intercept: nullableNumber({ description: 'log n_i at rank 1, by the fit' }),
          r_squared: nullableNumber({ description: 'The share of the variance that the fit explains' }),
          points: Type.Array(
            Type.Object({ rank: Type.Integer(), frequency: Type.Integer() }, { title: 'ZipfPoint' }),
          ),
        },
        { title: 'ZipfSeries' },
      ),
    ),
  },
  { title: 'Zipf', description: 'The frequencies of n-grams over their ranks, and their fits' },
);

export const ZipfAnswers = {
  description: 'The curves and their fits',
  headers: tableHeaders,
  content: {
    'application/json': { schema: Curves },
    'image/svg+xml': textBody('The plot'),
    'text/csv': tableBody(columns.zipf),
  },
};
