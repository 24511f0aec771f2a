// Not in the binary: the page of the viewer loads swagger-ui-bundle.js, which holds all of this.
