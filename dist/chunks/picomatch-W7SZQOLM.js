import{c59_require_picomatch as r}from"./rest.js";var t=r();export{t as default};
