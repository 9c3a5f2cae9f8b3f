import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

/** Where files outside of the documentation are shown; the pom says where the repository is published. */
const pom = readFileSync(new URL("../../pom.xml", import.meta.url), "utf8");
const repository = /<project\.home>(.*)<\/project\.home>/.exec(pom)[1];
const version = /<version>(.*)<\/version>/.exec(pom)[1];

/** Links that lead out of docs/ lead to the repository. */
function outsideLinks(md) {
  const original = md.renderer.rules.link_open ??
    ((tokens, index, options, env, self) => self.renderToken(tokens, index, options));
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet("href");
    const depth = env.relativePath.split("/").length;
    if (href.startsWith("../".repeat(depth))) {
      tokens[index].attrSet("href", `${repository}/blob/main/${href.slice(3 * depth)}`);
      tokens[index].attrSet("target", "_blank");
      tokens[index].attrSet("rel", "noreferrer");
      return self.renderToken(tokens, index, options);
    }
    return original(tokens, index, options, env, self);
  };
}

export default defineConfig({
  title: "spark-prompt-embeds",
  description: "Prompt embeddings to text, inside Apache Spark",
  srcDir: "pages",
  outDir: "../target/site",
  cacheDir: "../target/site-cache",
  cleanUrls: false,
  markdown: { config: outsideLinks },
  ignoreDeadLinks: "localhostLinks",
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    nav: [
      { text: "Guides", link: "/guides/from-vllm", activeMatch: "/guides/" },
      { text: "Reference", link: "/options" },
      { text: version, link: `${repository}/blob/main/CHANGELOG.md` },
    ],
    outline: "deep",
    search: { provider: "local" },
    sidebar: [
      {
        text: "Guides",
        items: [
          { text: "Images to text", link: "/guides/images-to-text" },
          { text: "Soft prompts", link: "/guides/soft-prompts" },
          { text: "Coming from vLLM", link: "/guides/from-vllm" },
          { text: "Coming from ai_query", link: "/guides/from-ai-query" },
          { text: "A million rows", link: "/guides/a-million-rows" },
        ],
      },
      {
        text: "Running it",
        items: [
          { text: "On GPUs", link: "/gpu" },
          { text: "The server", link: "/server" },
          { text: "Models on a server", link: "/remote" },
          { text: "Monitoring", link: "/monitoring" },
          { text: "Failures and attacks", link: "/failure-model" },
          { text: "Performance", link: "/performance" },
          { text: "Weights in few bits", link: "/quantisation" },
          { text: "Compatibility", link: "/compatibility" },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Options and functions", link: "/options" },
          { text: "Commands", link: "/commands" },
          { text: "Models", link: "/models" },
          { text: "Data source", link: "/data-source" },
          { text: "Spark ML", link: "/ml" },
        ],
      },
      {
        text: "Inside",
        items: [
          { text: "Architecture", link: "/architecture" },
          { text: "Releasing", link: "/releasing" },
        ],
      },
    ],
  },
});
