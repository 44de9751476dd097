/** Files of Swagger UI that the reference page loads; the build copies them beside the program. */
export const DOCS_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

/** The reference page. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tablehook API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/page.js"></script>
</body>
</html>
`;

/** Starts Swagger UI on our own document. No validator of theirs is asked, and no key outlives the tab. */
export const DOCS_SCRIPT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
  syntaxHighlight: { theme: 'idea' },
});
`;

/** What the reference page looks like beyond Swagger UI's own style. */
export const DOCS_STYLE = `body { margin: 0; background: #fafafa; }
.swagger-ui .info { margin: 32px 0 16px; }
.swagger-ui .wrapper { max-width: 1100px; }
.swagger-ui .scheme-container { box-shadow: none; background: transparent; padding: 0; }
.swagger-ui .opblock .opblock-summary-description { text-align: left; }
`;
