"use strict";
// What the keyboard does on a page of the workbench. Nothing is lost without it: every key has a
// link or a button that does the same.
(() => {
  const ROWS_A_PAGE = 10;
  const GRID = "[role=grid]";
  const CELL = "[role=gridcell], [role=columnheader]";
  const INSIDE = "a[href], button, input, select, textarea, summary";
  const FIELD = "input, textarea, select, [contenteditable]";

  const cellsOf = (row) => [...row.querySelectorAll(CELL)];
  const rowsOf = (grid) => [...grid.querySelectorAll("[role=row]")];

  // a heading is reached by its link, any other cell by itself
  const targetOf = (cell) => (cell.hasAttribute("tabindex") ? cell : cell.querySelector(INSIDE));

  function goTo(grid, cell) {
    const target = cell && targetOf(cell);
    if (!target) return;
    for (const each of grid.querySelectorAll("[role=gridcell][tabindex='0']")) each.tabIndex = -1;
    if (target === cell) target.tabIndex = 0;
    target.focus();
  }

  function moved(rows, row, column, key, whole) {
    const last = rows.length - 1;
    const width = cellsOf(rows[row]).length - 1;
    switch (key) {
      case "ArrowUp": return [Math.max(row - 1, 0), column];
      case "ArrowDown": return [Math.min(row + 1, last), column];
      case "ArrowLeft": return [row, Math.max(column - 1, 0)];
      case "ArrowRight": return [row, Math.min(column + 1, width)];
      case "PageUp": return [Math.max(row - ROWS_A_PAGE, 1), column];
      case "PageDown": return [Math.min(row + ROWS_A_PAGE, last), column];
      case "Home": return [whole ? 1 : row, 0];
      case "End": return [whole ? last : row, width];
      default: return null;
    }
  }

  // at the last row the next block of lines takes the place of this one
  function nextBlock() {
    const link = document.querySelector("[data-key='page-Next page']");
    if (!link) return false;
    wanted = { first: true };
    link.click();
    return true;
  }

  function inGrid(event, grid, cell) {
    const rows = rowsOf(grid);
    const row = rows.indexOf(cell.closest("[role=row]"));
    const column = cellsOf(rows[row]).indexOf(cell);
    if (event.key === "Enter" && event.target === cell) {
      const inside = cell.querySelector(INSIDE);
      if (!inside) return false;
      if (inside.matches("a, button, summary")) inside.click();
      else inside.focus();
      return true;
    }
    if (event.key === "Escape" && event.target !== cell) {
      goTo(grid, cell);
      return true;
    }
    if (event.target.matches(FIELD)) return false;
    if (event.key === "ArrowDown" && row === rows.length - 1 && nextBlock()) return true;
    const place = moved(rows, row, column, event.key, event.ctrlKey);
    if (!place) return false;
    goTo(grid, cellsOf(rows[place[0]])[place[1]]);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.defaultPrevented) return;
    const search = document.getElementById("search");
    const keys = document.getElementById("keys");
    const cell = event.target.closest(CELL);
    const grid = cell && cell.closest(GRID);
    if (grid && inGrid(event, grid, cell)) {
      event.preventDefault();
    } else if (event.key === "/" && search && !event.target.closest(FIELD)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?" && keys && !event.target.closest(FIELD)) {
      event.preventDefault();
      keys.showModal();
    } else if (event.key === "Escape" && event.target === search) {
      search.blur();
    }
  });

  // a part of the page that is exchanged gives the focus back to what stood in its place
  let wanted = null;
  document.addEventListener("htmx:before:swap", () => {
    const named = document.activeElement && document.activeElement.closest("[data-key]");
    const link = document.activeElement && document.activeElement.closest("[data-key] > a");
    if (!wanted && named) wanted = { key: named.dataset.key, inside: link !== null };
  });
  document.addEventListener("htmx:after:swap", () => {
    scrolling();
    if (!wanted) return;
    const grid = document.querySelector(GRID);
    const found = wanted.first
      ? grid && grid.querySelector("[role=gridcell]")
      : document.querySelector(`[data-key="${CSS.escape(wanted.key)}"]`);
    const inside = found && wanted.inside && found.querySelector("a");
    wanted = null;
    if (found && grid && grid.contains(found) && found.matches(CELL) && !inside) goTo(grid, found);
    else if (inside || found) (inside || found).focus();
  });

  // what is wider than the page is scrolled by keys, too
  function scrolling() {
    for (const each of document.querySelectorAll(".scroll")) {
      if (each.scrollWidth <= each.clientWidth) continue;
      each.tabIndex = 0;
      each.setAttribute("role", "group");
      const title = each.querySelector("caption, svg > title");
      each.setAttribute("aria-label", `${title ? title.textContent : "Table"}, scrolls sideways`);
    }
  }
  addEventListener("load", scrolling);
  addEventListener("resize", scrolling);

  // where a figure comes from is shown over the page; in another tab, or without scripts, as a page
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.figure-link[href*='/from?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const place = { target: "#dialog", swap: "innerHTML" };
    htmx.ajax("GET", link.getAttribute("href"), place).then(() => {
      const dialog = document.querySelector("#dialog dialog");
      if (dialog) dialog.showModal();
      else location.assign(link.href);
    });
  });

  // a server that has ended says nothing by itself; what was written stays where it is
  const SILENT = "The workbench does not answer. Nothing of this was kept: start it again " +
    "(foreship serve), follow its new link in another tab, then send this once more.";
  document.addEventListener("htmx:error", (event) => {
    const asked = event.detail.ctx;
    if (asked && !asked.response) document.getElementById("said").textContent = SILENT;
  });
  document.addEventListener("htmx:after:request", () => {
    document.getElementById("said").textContent = "";
  });

  // whoever leaves a page with something written and not sent is asked
  let unsent = false;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.method === "post") unsent = true;
  });
  for (const name of ["submit", "htmx:before:request"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest && event.target.closest("form");
      if (form && form.method === "post") unsent = false;
    });
  }
  addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });
})();
