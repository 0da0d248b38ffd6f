-- Orders pairs of versions, one pair a line of the file that PAIRS names, as
-- librpm does: writes -1, 0 or 1, or "refused".
for line in io.lines(os.getenv("PAIRS")) do
  local x, y = line:match("^([^\t]*)\t([^\t]*)$")
  local okx, p = pcall(rpm.ver, x)
  local oky, q = pcall(rpm.ver, y)
  -- A version has no hyphen; only rpmbuild refuses one.
  if x:find("-.*-") or y:find("-.*-") then
    io.stdout:write("refused\n")
  elseif not (okx and oky and p and q) then
    io.stdout:write("refused\n")
  elseif p < q then
    io.stdout:write("-1\n")
  elseif q < p then
    io.stdout:write("1\n")
  else
    io.stdout:write("0\n")
  end
end
