const {text, is_busy: isBusy} = JSON.parse(data.download)
save.disabled = Boolean(isBusy)
saved.textContent = text ?? ""
