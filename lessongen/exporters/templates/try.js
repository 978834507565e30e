// Makes of a teacher's page one on which the questions are answered, and back.
(function () {
  const start = document.getElementById("start");
  const check = document.getElementById("check");

  function turn(isTrying) {
    document.body.classList.toggle("trying", isTrying);
    start.setAttribute("aria-pressed", String(isTrying));
    start.textContent = isTrying ? "Show the teacher\u2019s edition" : "Try the questions";
    check.hidden = !isTrying;
    document.getElementById("result").hidden = !isTrying;
  }

  start.addEventListener("click", () => turn(!document.body.classList.contains("trying")));
  document.getElementById("try").hidden = false;
})();
