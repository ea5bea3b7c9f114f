// Shows the requests of the chosen verdict that hold the text searched for.
const requests = [...document.querySelectorAll("#requests > details")];
const search = document.querySelector("#search");
function show() {
  const verdict = document.querySelector("[name=show]:checked").value;
  const text = search.value.toLowerCase();
  for (const request of requests) {
    const wanted = verdict === "all" || request.classList.contains(verdict);
    request.hidden = !wanted || !request.textContent.toLowerCase().includes(text);
  }
}
document.querySelectorAll("[name=show]").forEach((choice) => choice.addEventListener("change", show));
search.addEventListener("input", show);
