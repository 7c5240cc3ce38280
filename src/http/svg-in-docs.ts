/**
 * A script for Swagger UI that shows answers in SVG as pictures, and not as XML. In an `img` element no script of a
 * picture runs.
 */
export const svgInDocs = `
const start = window.SwaggerUIBundle;
const isSvg = (contentType) => /^image\\/svg\\+xml/i.test(contentType ?? '');
const pictures = ({ React }) => ({
  wrapComponents: {
    responseBody: (ResponseBody) => (props) =>
      isSvg(props.contentType) && typeof props.content === 'string'
        ? React.createElement('img', {
            src: 'data:image/svg+xml,' + encodeURIComponent(props.content),
            alt: 'The answer as a picture',
          })
        : React.createElement(ResponseBody, props),
  },
});
window.SwaggerUIBundle = Object.assign(
  (config) => start({ ...config, plugins: [...config.plugins, pictures] }),
  start,
);
`;
