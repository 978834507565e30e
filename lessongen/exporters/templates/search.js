// Shows the lessons of the index that hold all words which are looked for. Without the script of data, in what is seen.
"use strict";
(function () {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = window.lessongenWords || [];
  const box = document.getElementById("sought");
  const count = document.getElementById("found");
  const lessons = [...document.querySelectorAll(".lesson")].map((shown, place) => ({
    shown,
    text: plain(`${words[place] || ""} ${shown.textContent}`),
  }));
  const subjects = [...document.querySelectorAll(".subject")];

  function look() {
    const sought = plain(box.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const lesson of lessons) {
      const isFound = sought.every((word) => lesson.text.includes(word));
      lesson.shown.hidden = !isFound;
      found += isFound ? 1 : 0;
    }
    for (const subject of subjects) subject.hidden = !subject.querySelector(".lesson:not([hidden])");
    document.getElementById("subjects").hidden = sought.length > 0;
    count.textContent = sought.length ? `${found} of ${lessons.length} found` : "";
  }

  box.addEventListener("input", look);
  document.getElementById("search").hidden = false;
  look(); // a browser keeps what was typed when one comes back
})();
