export default {
  myashes: {
    input: { target: "./openapi.json" },
    output: { target: "./out/orval/api.ts", schemas: "./out/orval/model", client: "fetch", mode: "split" },
  },
};
