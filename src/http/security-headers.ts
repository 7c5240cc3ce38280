/**
 * Headers that keep browsers from treating a response as a page, a script or a part of another site's page: those of
 * helmet's headers that matter for data. Pages get all of them.
 */
export const securityHeaders = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
