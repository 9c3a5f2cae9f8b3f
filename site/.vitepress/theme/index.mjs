import DefaultTheme from "vitepress/theme";
import "./drawing.css";
import { useData, useRoute } from "vitepress";
import { nextTick, onMounted, watch } from "vue";

/** Puts drawings in the place of blocks of Mermaid, whose code is loaded where there are some. */
async function draw(dark) {
  const blocks = document.querySelectorAll("div.language-mermaid");
  if (blocks.length === 0) {
    return;
  }
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "neutral" });
  for (const [index, block] of blocks.entries()) {
    const { svg } = await mermaid.render(`drawing-${index}`, block.querySelector("code").textContent);
    const drawing = document.createElement("div");
    drawing.className = "drawing";
    drawing.innerHTML = svg;
    block.replaceWith(drawing);
  }
}

export default {
  extends: DefaultTheme,
  setup() {
    const route = useRoute();
    const { isDark } = useData();
    onMounted(() => draw(isDark.value));
    watch(() => route.path, () => nextTick(() => draw(isDark.value)));
  },
};
